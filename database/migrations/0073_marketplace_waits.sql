-- Who waits for a time of a service within some days. Leaving deletes the row; one whose days are over is deleted by a job.

create table marketplace.waits (
    id          uuid primary key,
    customer_id uuid not null,
    service_id  uuid not null references marketplace.services (id) on delete restrict,
    from_date   date not null,
    until_date  date not null,
    from_at     timestamptz not null,
    until_at    timestamptz not null,
    told        int not null default 0 check (told >= 0),
    told_at     timestamptz,
    created_at  timestamptz not null,
    unique (customer_id, service_id, from_date, until_date),
    check (until_date - from_date between 0 and 30),
    check (from_at < until_at)
);
create index waits_service on marketplace.waits (service_id, until_at);
create index waits_until on marketplace.waits (until_at);
