-- A sold booking keeps the time that its zone's clock was promised to show, also when the rules of that zone change. What was found and done then.

create table marketplace.time_changes (
    booking_id uuid not null references marketplace.bookings (id) on delete restrict,
    was_at     timestamptz not null,
    due_at     timestamptz not null,
    outcome    text not null check (outcome in ('kept', 'taken', 'skipped')),
    found_at   timestamptz not null,
    primary key (booking_id, was_at, due_at),
    check (was_at <> due_at)
);
create index time_changes_newest on marketplace.time_changes (found_at desc, booking_id);
create index bookings_to_come on marketplace.bookings (provider_id, starts_at) where state in ('held', 'confirmed');
