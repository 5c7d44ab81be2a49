-- Somebody says that the other side of a booking did not come: reported → settled, or contested → settled by staff; dropped when it is taken back or the booking ends otherwise.

create table marketplace.absences (
    id            uuid primary key,
    booking_id    uuid not null unique references marketplace.bookings (id) on delete restrict,
    state         text not null check (state in ('reported', 'contested', 'settled', 'dropped')),
    reported_by   text not null check (reported_by in ('customer', 'provider')),
    note          text check (length(note) <= 1000),
    reported_at   timestamptz not null,
    answer_until  timestamptz not null,
    answer        text check (answer in ('agreed', 'disagreed', 'reported_too')),
    answer_note   text check (length(answer_note) <= 1000),
    answered_at   timestamptz,
    outcome       text check (outcome in ('customer_absent', 'provider_absent', 'nobody_came', 'took_place')),
    decided_by    uuid,
    decided_why   text check (length(decided_why) between 3 and 1000),
    ended_at      timestamptz,
    check (answer_until > reported_at),
    check ((answer is null) = (answered_at is null)),
    check (state <> 'reported' or answer is null),
    check ((state = 'settled') = (outcome is not null)),
    check ((state in ('settled', 'dropped')) = (ended_at is not null)),
    check ((decided_by is null) = (decided_why is null))
);
create index absences_by_state on marketplace.absences (state, id);

alter table marketplace.bookings
    drop constraint bookings_cancelled_by_check,
    add constraint bookings_cancelled_by_check check (cancelled_by in ('customer', 'provider', 'refund', 'customer_absent', 'provider_absent'));
