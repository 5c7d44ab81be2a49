-- Payments, part two: what is heard without proof, and clocks that disagree.

-- The inbox keeps everything as it came: proven messages are believed, hints and browsers' returns only make us ask.
alter table money.webhooks add column proof text not null default 'proven' check (proof in ('proven', 'hint', 'return'));
alter table money.webhooks add column sender inet;
alter table money.webhooks add column payment_id uuid;
create index webhooks_unmatched on money.webhooks (id) where state = 'unmatched';
create index webhooks_of_payment on money.webhooks (payment_id, id) where payment_id is not null;

-- Messages of which everything held but the time, counted per five minutes: their clock or ours is wrong.
create table money.clock_doubts (
    gateway     text not null,
    since       timestamptz not null,
    count       int not null check (count > 0),
    seconds_off bigint not null, -- of the last one: positive when it was signed before our present
    primary key (gateway, since)
);
