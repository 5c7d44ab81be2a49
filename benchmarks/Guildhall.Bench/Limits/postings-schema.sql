-- The smallest ledger of captured payments, with one balance row per account. Amounts in minor units.
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
insert into payment select g, 'authorized', 1, 10000, null from generate_series(1, :npay) g;
insert into balance select 1, 0;
vacuum analyze;
