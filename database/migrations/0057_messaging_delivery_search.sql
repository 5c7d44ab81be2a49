-- The log of messages is searched by template and by what was not sent; and a text message says in how many parts it went.

create index deliveries_of_template on messaging.deliveries (template, id desc);
create index deliveries_not_sent on messaging.deliveries (state, id desc) where state <> 'sent';
alter table messaging.deliveries add column parts integer check (parts between 1 and 50);
