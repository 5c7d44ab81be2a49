-- One row for each reminder of a booking's time to one person: planned → sent, or skipped with the reason.

create table marketplace.reminders (
    booking_id uuid not null references marketplace.bookings (id) on delete restrict,
    revision   int not null check (revision > 0),
    kind       text not null check (kind in ('day', 'soon')),
    person_id  uuid not null,
    due_at     timestamptz not null,
    state      text not null check (state in ('planned', 'sent', 'skipped')),
    reason     text check (reason in ('booked_late', 'moved', 'ended', 'too_late')),
    decided_at timestamptz,
    primary key (booking_id, revision, kind, person_id),
    check ((state = 'planned') = (decided_at is null)),
    check ((state = 'skipped') = (reason is not null))
);
