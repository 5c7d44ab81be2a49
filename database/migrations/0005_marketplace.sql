-- Providers, services, hours, claims, bookings, chats.

create extension if not exists btree_gist;
create schema marketplace;

create table marketplace.providers (
    id           uuid primary key,
    account_id   uuid not null unique,
    display_name text not null check (length(display_name) between 1 and 100),
    headline     text not null check (length(headline) between 1 and 160),
    bio          text not null check (length(bio) <= 4000),
    kind         text not null check (kind in ('advisor', 'technician')),
    zone         text not null check (length(zone) between 1 and 64),
    languages    text[] not null,
    state        text not null default 'active' check (state in ('active', 'suspended')),
    created_at   timestamptz not null
);

create table marketplace.services (
    id             uuid primary key,
    provider_id    uuid not null references marketplace.providers (id) on delete restrict,
    name           text not null check (length(name) between 1 and 120),
    description    text not null check (length(description) between 1 and 4000),
    kind           text not null check (kind in ('consultation', 'visit')),
    minutes        int not null check (minutes between 10 and 720),
    buffer_minutes int not null check (buffer_minutes between 0 and 240),
    price_minor    bigint not null check (price_minor > 0),
    currency       text not null check (currency ~ '^[A-Z]{3}$'),
    notice_minutes int not null check (notice_minutes between 0 and 43200),
    horizon_days   int not null check (horizon_days between 1 and 365),
    active         boolean not null default true,
    created_at     timestamptz not null
);
create index services_provider on marketplace.services (provider_id, id);

-- Wall-clock hours in the provider's zone, in minutes after midnight; 1440 is the end of the day. ISO weekdays: Monday is 1.
create table marketplace.weekly_hours (
    provider_id  uuid not null references marketplace.providers (id) on delete restrict,
    weekday      int not null check (weekday between 1 and 7),
    from_minute  int not null check (from_minute between 0 and 1439),
    until_minute int not null check (until_minute between 1 and 1440),
    primary key (provider_id, weekday, from_minute),
    check (from_minute < until_minute),
    exclude using gist (provider_id with =, weekday with =, int4range(from_minute, until_minute) with &&)
);

-- What replaces the weekly hours of one date. Closed: one row without hours.
create table marketplace.hour_exceptions (
    id           uuid primary key,
    provider_id  uuid not null references marketplace.providers (id) on delete restrict,
    date         date not null,
    from_minute  int check (from_minute between 0 and 1439),
    until_minute int check (until_minute between 1 and 1440),
    note         text not null check (length(note) <= 200),
    check ((from_minute is null) = (until_minute is null)),
    check (from_minute < until_minute),
    exclude using gist (provider_id with =, date with =, int4range(coalesce(from_minute, 0), coalesce(until_minute, 1440)) with &&)
);

create table marketplace.bookings (
    id                  uuid primary key,
    customer_id         uuid not null,
    provider_id         uuid not null references marketplace.providers (id) on delete restrict,
    provider_account_id uuid not null,
    service_id          uuid not null references marketplace.services (id) on delete restrict,
    service_name        text not null,
    kind                text not null check (kind in ('consultation', 'visit')),
    state               text not null check (state in ('held', 'confirmed', 'completed', 'cancelled', 'expired')),
    starts_at           timestamptz not null check (isfinite(starts_at)),
    ends_at             timestamptz not null check (isfinite(ends_at)),
    busy_until          timestamptz not null check (isfinite(busy_until)),
    zone                text not null,
    wall_time           timestamp not null,
    price_minor         bigint not null check (price_minor > 0),
    currency            text not null check (currency ~ '^[A-Z]{3}$'),
    order_id            uuid not null unique,
    hold_until          timestamptz not null,
    revision            int not null default 1 check (revision > 0),
    created_at          timestamptz not null,
    confirmed_at        timestamptz,
    started_at          timestamptz,
    completed_at        timestamptz,
    cancelled_at        timestamptz,
    cancelled_by        text check (cancelled_by in ('customer', 'provider', 'refund')),
    cancel_reason       text check (length(cancel_reason) <= 500),
    refund_minor        bigint check (refund_minor between 0 and price_minor),
    check (customer_id <> provider_account_id),
    check (starts_at < ends_at and ends_at <= busy_until and busy_until - starts_at <= interval '24 hours'),
    check (state not in ('confirmed', 'completed') or confirmed_at is not null),
    check ((state = 'completed') = (completed_at is not null)),
    check ((state = 'cancelled') = (cancelled_at is not null)),
    check ((state = 'cancelled') = (cancelled_by is not null))
) with (fillfactor = 85);
create index bookings_customer on marketplace.bookings (customer_id, id);
create index bookings_provider on marketplace.bookings (provider_id, starts_at);
create index bookings_provider_account on marketplace.bookings (provider_account_id, id);
create index bookings_held on marketplace.bookings (hold_until) where state = 'held';
create index bookings_open_holds on marketplace.bookings (customer_id) where state = 'held';

-- Who occupies a resource when: the service and the buffer after it. The exclusion constraint has the last word on double booking.
create table marketplace.claims (
    booking_id uuid not null references marketplace.bookings (id) on delete restrict,
    resource   uuid not null,
    during     tstzrange not null,
    state      text not null check (state in ('held', 'booked')),
    hold_until timestamptz,
    primary key (booking_id, resource),
    check ((state = 'held') = (hold_until is not null)),
    check (not isempty(during) and lower_inc(during) and not upper_inc(during)),
    check (not lower_inf(during) and not upper_inf(during) and isfinite(lower(during)) and isfinite(upper(during))),
    check (upper(during) - lower(during) <= interval '24 hours'),
    constraint claims_no_overlap exclude using gist (resource with =, during with &&)
);

create table marketplace.chats (
    id                  uuid primary key,
    booking_id          uuid not null unique references marketplace.bookings (id) on delete restrict,
    customer_id         uuid not null,
    provider_account_id uuid not null,
    state               text not null default 'open' check (state in ('open', 'closed')),
    close_reason        text check (close_reason in ('completed', 'cancelled')),
    last_seq            bigint not null default 0 check (last_seq >= 0),
    opened_at           timestamptz not null,
    closed_at           timestamptz,
    last_message_at     timestamptz,
    check ((state = 'closed') = (closed_at is not null)),
    check ((state = 'closed') = (close_reason is not null))
) with (fillfactor = 70);
create index chats_customer on marketplace.chats (customer_id, id);
create index chats_provider on marketplace.chats (provider_account_id, id);

create table marketplace.messages (
    id        uuid primary key,
    chat_id   uuid not null references marketplace.chats (id) on delete restrict,
    seq       bigint not null check (seq > 0),
    kind      text not null check (kind in ('text', 'closed')),
    author_id uuid,
    client_id text check (length(client_id) between 1 and 64),
    text      text not null check (length(text) between 1 and 4000),
    sent_at   timestamptz not null,
    unique (chat_id, seq),
    unique (chat_id, author_id, client_id),
    check ((kind = 'text') = (author_id is not null)),
    check ((kind = 'text') = (client_id is not null))
);

-- How far each side has read, and until when it is typing. The revision rises with every change: it orders the stream of these.
create table marketplace.chat_reads (
    chat_id      uuid not null references marketplace.chats (id) on delete restrict,
    person_id    uuid not null,
    seq          bigint not null default 0 check (seq >= 0),
    read_at      timestamptz,
    typing_until timestamptz,
    revision     bigint not null default 1,
    primary key (chat_id, person_id)
) with (fillfactor = 70);
