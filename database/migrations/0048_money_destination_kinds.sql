-- Where a provider's money goes: a bank account, a PayPal account, or a phone with M-Pesa.
alter table money.destinations add column kind text not null default 'bank' check (kind in ('bank', 'paypal', 'mpesa'));
