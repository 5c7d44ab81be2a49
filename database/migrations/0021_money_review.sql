-- One piece of money pays once: what a gateway calls it, or the document by which it came by hand, stands on one payment, and one paper hands over one refund.
drop index money.payments_gateway_payment;
create unique index payments_gateway_payment on money.payments (gateway, gateway_payment) where gateway_payment is not null;
alter table money.refunds add column handed_over text constraint refunds_handed_over unique;
create index send_backs_gateway_payment on money.send_backs (gateway, gateway_payment);
