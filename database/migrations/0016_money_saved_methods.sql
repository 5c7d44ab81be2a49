-- Payment methods that a gateway keeps for a customer. What is here is the gateway's name of them and what people tell them apart by; no number of a card.

-- Who an account is at a gateway. Its row is locked by whoever keeps, removes, chooses or uses a method of it.
create table money.gateway_customers (
    account_id     uuid not null,
    gateway        text not null,
    reference      text not null,
    default_method uuid,
    created_at     timestamptz not null,
    primary key (account_id, gateway),
    unique (gateway, reference)
);

create table money.saved_methods (
    id              uuid primary key,
    account_id      uuid not null,
    gateway         text not null,
    token           text not null,
    brand           text not null check (brand ~ '^[a-z_]{1,30}$'),
    last4           text not null check (last4 ~ '^[0-9]{4}$'),
    exp_month       int not null check (exp_month between 1 and 12),
    exp_year        int not null check (exp_year between 2000 and 2100),
    fingerprint     text, -- the same for the same card, however often it is typed in
    payment_id      uuid not null references money.payments (id) on delete restrict, -- with which the customer asked to keep it
    saved_at        timestamptz not null,
    removed_at      timestamptz,
    removed_why     text check (removed_why in ('customer', 'replaced', 'gateway')),
    forgotten_at    timestamptz, -- the gateway keeps it no longer
    unique (gateway, token),
    foreign key (account_id, gateway) references money.gateway_customers (account_id, gateway) on delete restrict,
    check ((removed_at is null) = (removed_why is null)),
    check (forgotten_at is null or removed_at is not null)
);
create index saved_methods_account on money.saved_methods (account_id, id) where removed_at is null;
alter table money.gateway_customers add foreign key (default_method) references money.saved_methods (id) on delete restrict;

alter table money.payments add column keep_method boolean not null default false; -- the customer's consent, given when paying
alter table money.payments add column method_id uuid references money.saved_methods (id) on delete restrict; -- what it is paid with, without a page
alter table money.payments add column off_session boolean not null default false; -- the customer is not there
alter table money.payments add constraint payments_off_session check (not off_session or method_id is not null);
create index payments_method on money.payments (method_id) where method_id is not null;
