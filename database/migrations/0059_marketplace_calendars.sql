-- Calendars that leave (links to feeds) and calendars that come in (busy times of elsewhere).

-- A link to a feed: of a provider's bookings, of a customer's, of one booking. Only the hash of its secret is kept; renewing replaces it, revoking deletes the row.
create table marketplace.calendar_links (
    id         uuid primary key,
    account_id uuid not null,
    kind       text not null check (kind in ('provider', 'customer', 'booking')),
    subject_id uuid not null,
    token_hash bytea not null unique check (length(token_hash) = 32),
    created_at timestamptz not null,
    unique (account_id, kind, subject_id)
);

-- A provider's calendar elsewhere. Its address is a secret of theirs and is sealed. read_at is when the copy in external_busy was true.
create table marketplace.external_calendars (
    id          uuid primary key,
    provider_id uuid not null references marketplace.providers (id) on delete restrict,
    name        text not null check (length(name) between 1 and 60),
    host        text not null check (length(host) between 1 and 253),
    address     bytea not null,
    state       text not null default 'waiting' check (state in ('waiting', 'readable', 'failing')),
    failure     text check (failure in ('unreachable', 'answered_no', 'too_large', 'not_readable')),
    failures    int not null default 0 check (failures >= 0),
    next_at     timestamptz not null,
    checked_at  timestamptz,
    read_at     timestamptz,
    created_at  timestamptz not null,
    check ((state = 'failing') = (failure is not null)),
    check (state <> 'readable' or read_at is not null)
);
create index external_calendars_provider on marketplace.external_calendars (provider_id, id);
create index external_calendars_due on marketplace.external_calendars (next_at);

create table marketplace.external_busy (
    calendar_id uuid not null references marketplace.external_calendars (id) on delete restrict,
    provider_id uuid not null,
    during      tstzrange not null check (not isempty(during) and lower_inc(during) and not upper_inc(during) and not lower_inf(during) and not upper_inf(during))
);
create index external_busy_of_calendar on marketplace.external_busy (calendar_id);
create index external_busy_provider on marketplace.external_busy using gist (provider_id, during);
