-- Where what is sold is done, as the server knew it at the sale; it may choose the gateway.
alter table money.orders add column country text check (country ~ '^[A-Z]{2}$');
