-- Sessions as people see them: device, place, limits of their own, the end of everybody's, and what is counted by day.

alter table identity.sessions
    add column device_type text not null default 'unknown' check (device_type in ('phone', 'tablet', 'computer', 'program', 'unknown')),
    add column country text check (country ~ '^[A-Z]{2}$'),
    add column city text check (length(city) between 1 and 100),
    add column idle_seconds int not null default 7200 check (idle_seconds between 60 and 7200),
    add column generation int not null default 1,
    add check (expires_at <= created_at + interval '72 hours');

-- A session lives only in the generation it was opened in: one more ends those of everybody. A number, not a time, so that no node's clock matters.
create table identity.session_generation (
    one        boolean primary key default true check (one),
    generation int not null check (generation >= 1),
    changed_at timestamptz
);
insert into identity.session_generation (generation) values (1);

-- Pages of all sessions, newest first, by each of the filters. last_active stands in no index: it is written often and moves no index entry.
create index sessions_newest on identity.sessions (created_at desc, id desc);
create index sessions_newest_open on identity.sessions (created_at desc, id desc) where ended_at is null;
create index sessions_newest_of_person on identity.sessions (account_id, created_at desc, id desc);
create index sessions_newest_of_country on identity.sessions (country, created_at desc, id desc);
create index sessions_newest_of_device on identity.sessions (device_type, created_at desc, id desc);
create index sessions_newest_of_kind on identity.sessions (kind, created_at desc, id desc);
create index sessions_of_address on identity.sessions (address);
create index sessions_newest_ended on identity.sessions (ended_at desc) where ended_at is not null;
drop index identity.sessions_ended;

-- Sign-ins by day (UTC), written with the session. Sixteen rows per day and type of device, so that sign-ins do not queue for one.
create table identity.sign_in_days (
    day         date not null,
    device_type text not null check (device_type in ('phone', 'tablet', 'computer', 'program', 'unknown')),
    shard       smallint not null check (shard between 0 and 15),
    sign_ins    bigint not null check (sign_ins > 0),
    primary key (day, device_type, shard)
);

-- Days (UTC) on which an account did anything, written with the batches of last_active.
create table identity.active_days (
    account_id uuid not null references identity.accounts (id) on delete restrict,
    day        date not null,
    primary key (account_id, day)
);
create index active_days_by_day on identity.active_days (day);
