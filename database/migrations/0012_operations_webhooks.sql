-- Outgoing webhooks: who listens, what happened, what was sent.

create schema operations;

create table operations.webhook_endpoints (
    id               uuid primary key,
    url              text not null check (length(url) between 8 and 2000),
    description      text not null check (length(description) <= 200),
    events           text[] not null check (cardinality(events) <= 100), -- none: every event
    owner_id         uuid not null,
    state            text not null default 'enabled' check (state in ('enabled', 'disabled', 'removed')),
    disabled_why     text check (disabled_why in ('staff', 'gone', 'failing')),
    disabled_at      timestamptz,
    secret           bytea not null,
    old_secret       bytea,
    old_secret_until timestamptz,
    failures         int not null default 0 check (failures >= 0), -- in a row
    failing_since    timestamptz,
    last_success_at  timestamptz,
    last_failure_at  timestamptz,
    last_error       text check (length(last_error) <= 500),
    revision         int not null default 1,
    created_at       timestamptz not null,
    changed_at       timestamptz not null,
    check ((state = 'disabled') = (disabled_why is not null)),
    check ((state = 'disabled') = (disabled_at is not null)),
    check ((old_secret is null) = (old_secret_until is null)),
    check ((failures = 0) = (failing_since is null))
) with (fillfactor = 70);

-- How many events each object has had: their numbers have no gaps, since the number is taken in the transaction of the event, under this row.
create table operations.webhook_objects (
    object_id     text primary key check (length(object_id) between 3 and 60),
    last_sequence bigint not null check (last_sequence > 0)
) with (fillfactor = 70);

create table operations.webhook_events (
    id          uuid primary key,
    no          bigint generated always as identity unique,
    type        text not null check (type ~ '^[a-z_]+\.[a-z_]+$'),
    version     int not null check (version > 0),
    object_id   text not null references operations.webhook_objects (object_id) on delete restrict,
    sequence    bigint not null check (sequence > 0),
    facts       text not null check (length(facts) between 2 and 8000),
    occurred_at timestamptz not null,
    fanned_at   timestamptz, -- when a delivery was made for every endpoint that listens
    unique (object_id, sequence)
) with (fillfactor = 85);
create index webhook_events_fresh on operations.webhook_events (no) where fanned_at is null;
create index webhook_events_time on operations.webhook_events (occurred_at, no);

create table operations.webhook_deliveries (
    endpoint_id      uuid not null references operations.webhook_endpoints (id) on delete restrict,
    event_id         uuid not null references operations.webhook_events (id) on delete restrict,
    event_no         bigint not null,
    state            text not null default 'waiting' check (state in ('waiting', 'sending', 'delivered', 'failed')),
    round            int not null default 1 check (round > 0), -- a replay begins another
    attempts         int not null default 0 check (attempts >= 0), -- of this round
    next_at          timestamptz not null,
    fence            bigint not null default 0,
    lease_until      timestamptz,
    first_failure_at timestamptz, -- of this round
    last_status      int,
    last_error       text check (length(last_error) <= 500),
    delivered_at     timestamptz,
    changed_at       timestamptz not null,
    primary key (endpoint_id, event_id),
    check ((state = 'sending') = (lease_until is not null)),
    check (state <> 'delivered' or delivered_at is not null)
) with (fillfactor = 75);
create index webhook_deliveries_due on operations.webhook_deliveries (endpoint_id, next_at, event_no) where state = 'waiting';
create index webhook_deliveries_leased on operations.webhook_deliveries (lease_until) where state = 'sending';
create index webhook_deliveries_newest on operations.webhook_deliveries (endpoint_id, event_no desc);
create index webhook_deliveries_failed on operations.webhook_deliveries (endpoint_id, event_no desc) where state = 'failed';

create table operations.webhook_attempts (
    endpoint_id uuid not null,
    event_id    uuid not null,
    round       int not null,
    no          int not null check (no > 0),
    at          timestamptz not null,
    outcome     text not null check (outcome in ('delivered', 'answered_no', 'gone', 'redirected', 'timed_out', 'not_connected', 'not_public')),
    status      int,
    latency_ms  int not null check (latency_ms >= 0),
    response    text check (length(response) <= 500), -- its beginning, with what may be secret or personal struck out
    primary key (endpoint_id, event_id, round, no),
    foreign key (endpoint_id, event_id) references operations.webhook_deliveries (endpoint_id, event_id) on delete restrict
);
