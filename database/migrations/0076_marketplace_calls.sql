-- Calls between the two sides of a paid booking. What happened stays with its time; what browsers tell each other to connect goes when the call ends.

-- Its row puts what happens in the calls of a booking in one order.
create table marketplace.call_rooms (
    booking_id uuid primary key references marketplace.bookings (id) on delete restrict,
    last_seq   bigint not null default 0 check (last_seq >= 0)
) with (fillfactor = 70);

create table marketplace.calls (
    id          uuid primary key,
    booking_id  uuid not null references marketplace.call_rooms (booking_id) on delete restrict,
    caller_id   uuid not null,
    callee_id   uuid not null,
    state       text not null check (state in ('ringing', 'accepted', 'declined', 'missed', 'cancelled', 'ended')),
    rung_at     timestamptz not null,
    answered_at timestamptz,
    ended_at    timestamptz,
    check (caller_id <> callee_id),
    check ((state in ('ringing', 'accepted')) = (ended_at is null)),
    check ((state in ('accepted', 'ended')) = (answered_at is not null))
);
create unique index calls_one_live on marketplace.calls (booking_id) where state in ('ringing', 'accepted');
create index calls_by_booking on marketplace.calls (booking_id, id);

-- Evidence: lines are only added. The time of a line is when it was so, which for somebody who was lost is their last sign of life.
create table marketplace.call_events (
    booking_id uuid not null references marketplace.call_rooms (booking_id) on delete restrict,
    seq        bigint not null check (seq > 0),
    call_id    uuid not null references marketplace.calls (id) on delete restrict,
    kind       text not null check (kind in ('rang', 'accepted', 'declined', 'missed', 'cancelled', 'joined', 'left', 'ended')),
    person_id  uuid,
    at         timestamptz not null,
    primary key (booking_id, seq)
);

-- From joining to leaving. While it lasts, seen_at is the last sign of life; it never counts beyond that.
create table marketplace.call_presences (
    id         uuid primary key,
    booking_id uuid not null references marketplace.call_rooms (booking_id) on delete restrict,
    call_id    uuid not null references marketplace.calls (id) on delete restrict,
    person_id  uuid not null,
    joined_at  timestamptz not null,
    seen_at    timestamptz not null,
    left_at    timestamptz,
    check (seen_at >= joined_at),
    check (left_at >= joined_at and left_at <= seen_at)
) with (fillfactor = 70);
create unique index call_presences_one on marketplace.call_presences (call_id, person_id) where left_at is null;
create index call_presences_open on marketplace.call_presences (seen_at) where left_at is null;
create index call_presences_by_booking on marketplace.call_presences (booking_id, person_id);

create table marketplace.call_signals (
    booking_id uuid not null references marketplace.call_rooms (booking_id) on delete restrict,
    seq        bigint not null check (seq > 0),
    call_id    uuid not null references marketplace.calls (id) on delete restrict,
    from_id    uuid not null,
    kind       text not null check (kind in ('offer', 'answer', 'candidate')),
    body       text not null check (length(body) between 1 and 16000),
    at         timestamptz not null,
    primary key (booking_id, seq)
);
create index call_signals_by_call on marketplace.call_signals (call_id);
