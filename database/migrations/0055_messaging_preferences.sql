-- What people want to be told and how: by category and channel, the hours in which they want quiet, and the number that text messages of their own choice go to.

create table messaging.preferences (
    person_id  uuid not null,
    category   text not null check (length(category) between 1 and 20),
    channel    text not null check (channel in ('inbox', 'email', 'push', 'sms')),
    wanted     boolean not null,
    changed_at timestamptz not null,
    primary key (person_id, category, channel)
);

create table messaging.quiet_hours (
    person_id  uuid primary key,
    starts     integer not null check (starts between 0 and 1439), -- minutes of the day on the person's clock
    ends       integer not null check (ends between 0 and 1439 and ends <> starts),
    changed_at timestamptz not null
);

alter table messaging.recipients add column phone text check (phone ~ '^\+[1-9][0-9]{6,14}$');
update messaging.recipients r set phone = a.phone from identity.accounts a where a.id = r.person_id and a.phone_verified_at is not null;

-- A notice whose person wants none of its kind in the inbox carries the facts of its mail, and is not shown.
alter table messaging.notices add column shown boolean not null default true;
drop index messaging.notices_unread;
create index notices_unread on messaging.notices (person_id) where read_at is null and shown;

alter table messaging.deliveries
    add column category text check (length(category) between 1 and 20),
    drop constraint deliveries_not_mail,
    add constraint deliveries_not_mail check (channel <> 'email' or to_hint is null);
create index deliveries_in_quiet on messaging.deliveries (person_id) where state = 'queued' and reason = 'QUIET_HOURS';
