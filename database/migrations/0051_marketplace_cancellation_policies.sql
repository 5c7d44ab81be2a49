-- The terms of cancelling and moving: versions that never change, for one service or for all others. A booking keeps the version it was sold by.

create table marketplace.cancellation_policies (
    id              uuid primary key,
    service_id      uuid references marketplace.services (id) on delete restrict,
    version         int not null check (version > 0),
    follows_default boolean not null default false,
    tier_hours      int[] not null,
    tier_percent    int[] not null,
    no_show_percent int not null check (no_show_percent between 0 and 100),
    move_hours      int not null check (move_hours between 0 and 8760),
    max_moves       int not null check (max_moves between 0 and 20),
    made_at         timestamptz not null,
    made_by         uuid,
    why             text not null check (length(why) between 3 and 500),
    unique nulls not distinct (service_id, version),
    check (cardinality(tier_hours) = cardinality(tier_percent) and cardinality(tier_hours) between 1 and 6),
    check (service_id is not null or not follows_default)
);

-- What held until now: everything back until so many hours before, later a share, which also was what came back after the beginning.
insert into marketplace.cancellation_policies (id, version, tier_hours, tier_percent, no_show_percent, move_hours, max_moves, made_at, why)
    select gen_random_uuid(), 1, case when s.free = 0 then array[0] else array[s.free, 0] end, case when s.free = 0 then array[100] else array[100, s.late] end,
        s.late, s.free, 3, current_timestamp, 'The terms before there were versions.'
    from (select coalesce((select value::text::int from foundation.settings where key = 'marketplace.cancel_free_hours'), 24) as free,
        coalesce((select value::text::int from foundation.settings where key = 'marketplace.late_cancel_refund_percent'), 50) as late) s;
delete from foundation.settings where key in ('marketplace.cancel_free_hours', 'marketplace.late_cancel_refund_percent');

alter table marketplace.bookings
    add column policy_id uuid references marketplace.cancellation_policies (id) on delete restrict,
    add column refund_cap_percent int check (refund_cap_percent between 0 and 100);
update marketplace.bookings set policy_id = (select id from marketplace.cancellation_policies);
alter table marketplace.bookings alter column policy_id set not null;
