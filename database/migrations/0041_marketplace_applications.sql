-- Customers who ask to become providers: submitted → approved, rejected or withdrawn.

create table marketplace.provider_applications (
    id            uuid primary key,
    account_id    uuid not null,
    business_name text not null check (length(business_name) between 1 and 100),
    kind          text not null check (kind in ('advisor', 'technician')),
    services      text not null check (length(services) between 1 and 1000),
    country       text not null check (country ~ '^[A-Z]{2}$'),
    phone         text check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    about         text not null check (length(about) between 1 and 4000),
    state         text not null default 'submitted' check (state in ('submitted', 'approved', 'rejected', 'withdrawn')),
    submitted_at  timestamptz not null,
    ended_at      timestamptz,
    decided_by    uuid,
    reason        text check (length(reason) between 3 and 500),
    provider_id   uuid references marketplace.providers (id) on delete restrict,
    check ((state = 'submitted') = (ended_at is null)),
    check ((state in ('approved', 'rejected')) = (decided_by is not null)),
    check ((state = 'approved') = (provider_id is not null)),
    check (state <> 'rejected' or reason is not null),
    check (decided_by is null or decided_by <> account_id)
);
create unique index provider_applications_one_open on marketplace.provider_applications (account_id) where state = 'submitted';
create index provider_applications_of_account on marketplace.provider_applications (account_id, id desc);
create index provider_applications_by_state on marketplace.provider_applications (state, id desc);
