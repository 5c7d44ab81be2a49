-- The same service at the same hour of the week, several times: each occurrence is a booking with an order of its own, held until its own time to pay is over.

create table marketplace.series (
    id          uuid primary key,
    customer_id uuid not null,
    provider_id uuid not null references marketplace.providers (id) on delete restrict,
    service_id  uuid not null references marketplace.services (id) on delete restrict,
    every_weeks int not null check (every_weeks between 1 and 8),
    occurrences int not null check (occurrences between 2 and 26),
    zone        text not null,
    created_at  timestamptz not null
);

-- How often in a row a customer books it; 0: only once. A provider who says yes to each booking first sells no series.
alter table marketplace.services add column series_most int not null default 0 check (series_most = 0 or series_most between 2 and 26);
alter table marketplace.services add check (series_most = 0 or not asks_approval);

alter table marketplace.bookings add column series_id uuid references marketplace.series (id) on delete restrict;
alter table marketplace.bookings add column series_no int check (series_no >= 1);
alter table marketplace.bookings add check ((series_id is null) = (series_no is null));
create unique index bookings_series on marketplace.bookings (series_id, series_no) where series_id is not null;
