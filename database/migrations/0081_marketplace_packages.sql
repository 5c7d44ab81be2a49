-- Packages: so many sessions of a provider's services at one price. What is sold is frozen on the sale; each session is a credit that stands for its part of the money.

create table marketplace.packages (
    id                  uuid primary key,
    provider_id         uuid not null references marketplace.providers (id) on delete restrict,
    name                text not null check (length(name) between 1 and 120),
    name_ar             text check (length(name_ar) between 1 and 120),
    sessions            int not null check (sessions between 2 and 100),
    price_minor         bigint not null check (price_minor >= sessions),
    currency            text not null,
    valid_days          int not null check (valid_days between 1 and 730),
    unused_back_percent int not null check (unused_back_percent between 0 and 100),
    active              boolean not null default true,
    revision            int not null default 1,
    created_at          timestamptz not null
);
create index packages_of_provider on marketplace.packages (provider_id, id);

create table marketplace.package_services (
    package_id uuid not null references marketplace.packages (id) on delete restrict,
    service_id uuid not null references marketplace.services (id) on delete restrict,
    primary key (package_id, service_id)
);

create table marketplace.package_sales (
    id                  uuid primary key,
    package_id          uuid not null references marketplace.packages (id) on delete restrict,
    customer_id         uuid not null,
    provider_id         uuid not null references marketplace.providers (id) on delete restrict,
    provider_account_id uuid not null,
    name                text not null,
    sessions            int not null check (sessions between 2 and 100),
    price_minor         bigint not null check (price_minor >= sessions),
    currency            text not null,
    valid_days          int not null check (valid_days between 1 and 730),
    unused_back_percent int not null check (unused_back_percent between 0 and 100),
    order_id            uuid not null unique,
    state               text not null check (state in ('placed', 'active', 'ended')),
    sold_at             timestamptz not null,
    pay_until           timestamptz not null,
    paid_at             timestamptz,
    valid_until         timestamptz,
    closed_at           timestamptz,
    closed_by           text check (closed_by in ('expired', 'given_up')),
    ended_at            timestamptz,
    check (customer_id <> provider_account_id),
    check ((paid_at is null) = (state = 'placed')),
    check ((paid_at is null) = (valid_until is null)),
    check ((closed_at is null) = (closed_by is null)),
    check ((ended_at is not null) = (state = 'ended'))
);
create index package_sales_of_customer on marketplace.package_sales (customer_id, id);
create index package_sales_of_provider on marketplace.package_sales (provider_account_id, id);

create table marketplace.package_sale_services (
    sale_id    uuid not null references marketplace.package_sales (id) on delete restrict,
    service_id uuid not null references marketplace.services (id) on delete restrict,
    primary key (sale_id, service_id)
);

-- They come into being with the captured money, whose parts they are.
create table marketplace.package_credits (
    sale_id     uuid not null references marketplace.package_sales (id) on delete restrict,
    no          int not null check (no between 1 and 100),
    minor       bigint not null check (minor >= 0),
    state       text not null check (state in ('free', 'booked', 'spent', 'void')),
    booking_id  uuid unique references marketplace.bookings (id) on delete restrict,
    void_reason text check (void_reason in ('expired', 'given_up', 'refund', 'dispute')),
    primary key (sale_id, no),
    check ((state in ('booked', 'spent')) = (booking_id is not null)),
    check ((state = 'void') = (void_reason is not null))
);

alter table marketplace.bookings add column package_sale_id uuid references marketplace.package_sales (id) on delete restrict;
create index bookings_of_package on marketplace.bookings (package_sale_id, id) where package_sale_id is not null;
