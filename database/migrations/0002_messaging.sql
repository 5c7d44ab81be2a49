-- Recipients, inbox, deliveries and why each was or was not sent.

create schema messaging;

create table messaging.recipients (
    person_id    uuid primary key,
    email        text not null check (length(email) between 3 and 254),
    display_name text not null,
    language     text not null,
    zone         text not null,
    changed_at   timestamptz not null
);

create table messaging.notices (
    id         uuid primary key,
    person_id  uuid not null,
    template   text not null,
    facts      jsonb not null,
    unique_key text,
    created_at timestamptz not null,
    read_at    timestamptz,
    unique (person_id, template, unique_key)
);
create index notices_of_person on messaging.notices (person_id, id desc) include (read_at);
create index notices_unread on messaging.notices (person_id) where read_at is null;

create table messaging.deliveries (
    id         uuid primary key,
    notice_id  uuid references messaging.notices (id) on delete restrict,
    person_id  uuid not null,
    channel    text not null check (channel in ('email')),
    template   text not null,
    unique_key text,
    secrets    bytea,
    state      text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'failed', 'unknown')),
    attempts   int not null default 0,
    reason     text,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    sent_at    timestamptz,
    unique (person_id, template, channel, unique_key),
    check ((state = 'sent') = (sent_at is not null)),
    check (state <> 'failed' or reason is not null)
) with (fillfactor = 80);
create index deliveries_recent on messaging.deliveries (changed_at desc);
create index deliveries_waiting on messaging.deliveries (created_at) where state in ('queued', 'sending', 'unknown');

create table messaging.delivery_log (
    id          bigint generated always as identity primary key,
    delivery_id uuid not null references messaging.deliveries (id) on delete restrict,
    at          timestamptz not null,
    attempt     int not null,
    state       text not null,
    reason      text,
    reply       text
);
create index delivery_log_of on messaging.delivery_log (delivery_id, id);
