-- Client projects: work for one client in milestones, with the bookings that belong to it. Whether a milestone's invoice is paid is money's to say and stands nowhere here.

create table marketplace.client_projects (
    id                  uuid primary key,
    provider_id         uuid not null references marketplace.providers (id) on delete restrict,
    provider_account_id uuid not null,
    client_id           uuid not null,
    title               text not null check (length(title) between 1 and 100),
    description         text not null check (length(description) <= 4000),
    currency            text not null,
    state               text not null check (state in ('draft', 'active', 'paused', 'completed', 'cancelled')),
    revision            int not null default 1,
    created_at          timestamptz not null,
    opened_at           timestamptz,
    ended_at            timestamptz,
    check (client_id <> provider_account_id),
    check (opened_at is null or state <> 'draft'),
    check (opened_at is not null or state in ('draft', 'cancelled')),
    check ((ended_at is not null) = (state in ('completed', 'cancelled')))
);
create index client_projects_of_provider on marketplace.client_projects (provider_account_id, id);
create index client_projects_of_client on marketplace.client_projects (client_id, id);

-- Places are changed in one statement, so they are looked at when it ends.
create table marketplace.project_milestones (
    id           uuid primary key,
    project_id   uuid not null references marketplace.client_projects (id) on delete restrict,
    no           int not null check (no >= 1),
    title        text not null check (length(title) between 1 and 90),
    due_on       date not null,
    amount_minor bigint check (amount_minor > 0),
    state        text not null check (state in ('planned', 'in_progress', 'delivered', 'accepted', 'changes_requested')),
    revision     int not null default 1,
    delivered_at timestamptz,
    accepted_at  timestamptz,
    invoice_id   uuid unique,
    unique (project_id, no) deferrable initially immediate,
    check ((accepted_at is not null) = (state = 'accepted')),
    check (delivered_at is not null or state not in ('delivered', 'accepted', 'changes_requested')),
    check (invoice_id is null or state = 'accepted' and amount_minor is not null)
);

create table marketplace.project_bookings (
    booking_id uuid primary key references marketplace.bookings (id) on delete restrict,
    project_id uuid not null references marketplace.client_projects (id) on delete restrict,
    linked_at  timestamptz not null
);
create index project_bookings_of_project on marketplace.project_bookings (project_id, booking_id);

create table marketplace.project_events (
    project_id   uuid not null references marketplace.client_projects (id) on delete restrict,
    seq          int not null check (seq >= 1),
    at           timestamptz not null,
    side         text not null check (side in ('client', 'provider', 'staff')),
    kind         text not null check (kind in ('created', 'opened', 'paused', 'resumed', 'completed', 'cancelled', 'started', 'delivered', 'accepted', 'changes_requested', 'invoiced')),
    milestone_id uuid,
    note         text check (length(note) between 1 and 1000),
    primary key (project_id, seq),
    check (note is null or kind = 'changes_requested')
);
