-- A storm of messages to one person becomes the first few and then one digest. One row per person, category and way: it is locked while it counts.

create table messaging.bursts (
    person_id uuid not null,
    category  text not null check (length(category) between 1 and 20),
    way       text not null check (length(way) between 1 and 50),
    began_at  timestamptz not null,
    passed    integer not null check (passed >= 0),
    held      integer not null check (held >= 0),
    digest_id uuid,
    primary key (person_id, category, way)
);
create index bursts_began on messaging.bursts (began_at);

-- The digest that a message went into.
alter table messaging.deliveries add column digest_id uuid references messaging.deliveries (id) on delete restrict;
create index deliveries_in_digest on messaging.deliveries (digest_id) where digest_id is not null;
