-- Forecasts that an outside party told, kept for some hours. A place is a keyed hash of a square kilometre: nobody reads from it where people live.

create table marketplace.forecasts (
    place bytea primary key check (length(place) = 32),
    said  jsonb not null check (length(said::text) <= 20000),
    as_of timestamptz not null
);
create index forecasts_by_age on marketplace.forecasts (as_of);
