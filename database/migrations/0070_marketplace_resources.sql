-- What a service needs besides its provider: a van, a room, a second technician. It is claimed with the provider, all or nothing; claims_no_overlap holds for it as for providers.

create table marketplace.resources (
    id          uuid primary key,
    provider_id uuid not null references marketplace.providers (id) on delete restrict,
    name        text not null check (length(name) between 1 and 60),
    revision    int not null default 1,
    removed_at  timestamptz,
    created_at  timestamptz not null
);
create unique index resources_name on marketplace.resources (provider_id, lower(name)) where removed_at is null;

-- A colleague of the same business uses it too.
create table marketplace.resource_shares (
    resource_id uuid not null references marketplace.resources (id) on delete restrict,
    provider_id uuid not null references marketplace.providers (id) on delete restrict,
    shared_at   timestamptz not null,
    primary key (resource_id, provider_id)
);
create index resource_shares_provider on marketplace.resource_shares (provider_id, resource_id);

create table marketplace.service_resources (
    service_id  uuid not null references marketplace.services (id) on delete restrict,
    resource_id uuid not null references marketplace.resources (id) on delete restrict,
    primary key (service_id, resource_id)
);
create index service_resources_resource on marketplace.service_resources (resource_id);

-- What the booking was sold with, besides its provider; its claims come and go, this stays.
alter table marketplace.bookings add column resources uuid[] not null default '{}' check (cardinality(resources) <= 10);
