-- A visit beside its booking: where to (sealed for the customer), on the way, arrived by the code that the customer says at the door.

create table marketplace.visits (
    booking_id   uuid primary key references marketplace.bookings (id) on delete restrict,
    address      bytea,
    address_at   timestamptz,
    leaves_for   timestamptz,
    on_my_way_at timestamptz,
    arrival_at   timestamptz,
    arrived_at   timestamptz,
    code_round   int not null default 1 check (code_round between 1 and 10),
    code_tries   int not null default 0 check (code_tries between 0 and 5),
    check ((address is null) = (address_at is null)),
    check (num_nulls(leaves_for, on_my_way_at, arrival_at) in (0, 3)),
    check (arrival_at > on_my_way_at)
);

-- What happened on a visit, with its time: evidence, so lines are only added.
create table marketplace.visit_events (
    id         uuid primary key,
    booking_id uuid not null references marketplace.bookings (id) on delete restrict,
    kind       text not null check (kind in ('on_my_way', 'code_wrong', 'code_renewed', 'arrived')),
    at         timestamptz not null,
    by_id      uuid not null,
    arrival_at timestamptz,
    check ((kind = 'on_my_way') = (arrival_at is not null))
);
create index visit_events_by_booking on marketplace.visit_events (booking_id, id);
