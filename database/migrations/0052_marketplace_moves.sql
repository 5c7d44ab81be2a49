-- A booking moves to another time: the same sale, a new promise. Every move stays as a line.

alter table marketplace.bookings add column unanswered_move boolean not null default false;

create table marketplace.booking_moves (
    id          uuid primary key,
    booking_id  uuid not null references marketplace.bookings (id) on delete restrict,
    revision    int not null check (revision > 1),
    moved_by    text not null check (moved_by in ('customer', 'provider')),
    from_at     timestamptz not null,
    to_at       timestamptz not null,
    reason      text check (length(reason) <= 500),
    moved_at    timestamptz not null,
    accepted_at timestamptz,
    unique (booking_id, revision),
    check (from_at <> to_at),
    check (accepted_at is null or moved_by = 'provider')
);
