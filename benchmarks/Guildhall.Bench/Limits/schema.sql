-- The smallest ledger of captured payments, and what the smallest booking is beside it. Amounts in minor units.
set client_min_messages = warning;
drop schema if exists pay cascade;
create schema pay;
set search_path = pay;
create table idem    (key text primary key, payment_id bigint not null, created_at timestamptz not null default now());
create table payment (id bigint primary key, state text not null, version int not null, amount bigint not null, captured_at timestamptz) with (fillfactor = 80);
create table balance (account_id bigint primary key, amount bigint not null, version bigint not null default 0) with (fillfactor = 20);
create table jtx     (id bigint generated always as identity primary key, payment_id bigint not null, kind text not null, created_at timestamptz not null default now());
create table jentry  (jtx_id bigint not null, seq smallint not null, account_id bigint not null, amount bigint not null, primary key (jtx_id, seq));
create index on jentry (account_id, jtx_id);
create table outbox  (id bigint generated always as identity primary key, topic text not null, payload jsonb not null, created_at timestamptz not null default now());
create table booking (id bigint primary key, state text not null, confirmed_at timestamptz) with (fillfactor = 80);
create table claim   (booking_id bigint primary key, state text not null, hold_until timestamptz) with (fillfactor = 80);
create table chat    (id bigint generated always as identity primary key, booking_id bigint not null unique, opened_at timestamptz not null default now());
create table notice  (id bigint generated always as identity primary key, person_id bigint not null, booking_id bigint not null, created_at timestamptz not null default now());
create index on notice (person_id, id);
insert into payment select g, 'authorized', 1, 10000, null from generate_series(1, :npay) g;
insert into booking select g, 'held', null from generate_series(1, :npay) g;
insert into claim select g, 'held', now() from generate_series(1, :npay) g;
insert into balance select 1, 0;
-- Ten thousand journals in the books, as on the other side: a plan made for an empty table reads all of it, and would be kept while it grows.
insert into jtx(payment_id, kind) select -g, 'capture' from generate_series(1, 10000) g;
insert into jentry select j.id, x.seq, x.acc, x.amt from jtx j, (values (1, 1::bigint, 10000::bigint), (2, 1000, -9000), (3, 2, -1000)) x(seq, acc, amt);
vacuum analyze;
