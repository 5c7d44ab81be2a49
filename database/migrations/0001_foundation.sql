-- Jobs, audit, settings, idempotency, rate limits, clock.

create table foundation.jobs (
    id           bigint generated always as identity primary key,
    kind         text not null,
    payload      jsonb not null,
    state        text not null default 'ready' check (state in ('ready', 'running', 'dead')),
    run_at       timestamptz not null,
    unique_key   text,
    attempts     int not null default 0,
    max_attempts int not null,
    fence        bigint not null default 0,
    lease_until  timestamptz,
    last_error   text,
    created_at   timestamptz not null,
    died_at      timestamptz,
    check ((state = 'running') = (lease_until is not null)),
    check ((state = 'dead') = (died_at is not null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create index jobs_due on foundation.jobs (run_at, id) where state = 'ready';
create index jobs_leased on foundation.jobs (lease_until) where state = 'running';
create index jobs_dead on foundation.jobs (died_at) where state = 'dead';
create unique index jobs_unique on foundation.jobs (kind, unique_key) where state in ('ready', 'running');

create table foundation.recurring (
    name    text primary key,
    next_at timestamptz not null
);

create table foundation.settings (
    key        text primary key,
    value      jsonb not null,
    version    int not null check (version > 0),
    changed_at timestamptz not null,
    changed_by uuid
);

create table foundation.settings_history (
    key        text not null,
    version    int not null,
    value      jsonb not null,
    changed_at timestamptz not null,
    changed_by uuid,
    why        text not null,
    primary key (key, version)
);

create table foundation.person_keys (
    person_id   uuid primary key,
    wrapped_key bytea not null,
    made_at     timestamptz not null
);

create table foundation.audit (
    id           bigint generated always as identity primary key,
    tx           xid8 not null default pg_current_xact_id(),
    at           timestamptz not null,
    actor_kind   text not null check (actor_kind in ('anonymous', 'person', 'system', 'gateway')),
    actor_id     uuid,
    actor_name   text,
    session_id   uuid,
    request_id   text,
    action       text not null,
    subject_type text not null,
    subject_id   text not null,
    why          text,
    before       jsonb,
    after        jsonb,
    person_id    uuid,
    personal     bytea,
    place        bytea
);
create index audit_order on foundation.audit (tx, id);
create index audit_subject on foundation.audit (subject_type, subject_id, id);
create index audit_action on foundation.audit (action, id);
create index audit_at on foundation.audit using brin (at);
create index audit_actor on foundation.audit (actor_id, id) where actor_id is not null;

create table foundation.audit_seals (
    seq       bigint primary key check (seq > 0),
    audit_id  bigint not null unique references foundation.audit (id) on delete restrict,
    audit_tx  xid8 not null,
    hash      bytea not null check (length(hash) = 32),
    sealed_at timestamptz not null
);

create table foundation.idempotency (
    scope        text not null,
    key          text not null,
    operation_id uuid not null,
    body_hash    bytea not null,
    state        text not null check (state in ('started', 'done')),
    lease_until  timestamptz not null,
    status       int,
    response     bytea,
    expires_at   timestamptz not null,
    primary key (scope, key),
    check ((state = 'done') = (status is not null and response is not null))
);
create index idempotency_expiry on foundation.idempotency (expires_at);

create table foundation.rate_hits (
    key        text primary key,
    hits       timestamptz[] not null,
    allowed    boolean not null,
    expires_at timestamptz not null
) with (fillfactor = 70);
create index rate_hits_expiry on foundation.rate_hits (expires_at);

create table foundation.rate_windows (
    key        text not null,
    window_no  bigint not null,
    taken      int not null,
    expires_at timestamptz not null,
    primary key (key, window_no)
) with (fillfactor = 70);
create index rate_windows_expiry on foundation.rate_windows (expires_at);

create table foundation.clock (
    only_row       boolean primary key default true check (only_row),
    offset_seconds bigint not null default 0 check (offset_seconds >= 0)
);
insert into foundation.clock default values;
