-- Where this database is at home, and whether it is held: a restored copy runs no jobs and is not served until somebody releases it.
create table foundation.home (
    one            boolean primary key default true check (one),
    cluster        text not null, -- the server's system identifier, which a copy on another server does not share
    held_at        timestamptz,
    held_why       text check (length(held_why) between 1 and 500),
    released_at    timestamptz,
    released_why   text check (length(released_why) between 1 and 500),
    check ((held_at is null) = (held_why is null))
);
