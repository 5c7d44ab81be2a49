-- Travel times that outside parties told, kept for a while. A way is a keyed hash: nobody reads from it where people live.

create table marketplace.travel_times (
    way     bytea not null check (length(way) = 32),
    source  text not null check (source in ('google', 'osrm')),
    seconds int not null check (seconds between 0 and 864000),
    metres  int not null check (metres between 0 and 20000000),
    as_of   timestamptz not null,
    primary key (way, source)
);
create index travel_times_by_age on marketplace.travel_times (as_of);
