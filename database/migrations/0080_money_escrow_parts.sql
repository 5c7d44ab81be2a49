-- An order may be released in parts, one for each thing that was delivered. Until it is released as a whole, what the parts took stands on the payment's guard.

alter table money.payment_guards
    add column parted_minor     bigint not null default 0 check (parted_minor >= 0),
    add column parted_fee_minor bigint not null default 0 check (parted_fee_minor >= 0),
    add column parted_tax_minor bigint not null default 0 check (parted_tax_minor >= 0);

alter table money.payment_guards drop constraint payment_guards_share;
alter table money.payment_guards add constraint payment_guards_share check (refunded_minor + disputed_minor + parted_minor <= captured_minor);
alter table money.payment_guards add constraint payment_guards_parted check (parted_fee_minor + parted_tax_minor <= parted_minor);

create table money.escrow_parts (
    order_id      uuid not null references money.orders (id) on delete restrict,
    key           text not null check (length(key) between 1 and 60),
    gross_minor   bigint not null check (gross_minor > 0),
    fee_minor     bigint not null check (fee_minor >= 0),
    tax_minor     bigint not null check (tax_minor >= 0),
    released_at   timestamptz not null,
    taken_back_at timestamptz,
    primary key (order_id, key),
    check (fee_minor + tax_minor <= gross_minor)
);

-- Each part keeps its own reserve back.
alter table money.reserves drop constraint reserves_order_id_key;
create index reserves_by_order on money.reserves (order_id);
