-- Withdrawals with fee, hold and second approval; destinations that came back; payouts by bank file.

alter table money.destinations
    drop column gateway,
    drop column gateway_account,
    add column changed_by  uuid not null,
    add column flagged_at  timestamptz,
    add column flag_reason text,
    add check ((flagged_at is null) = (flag_reason is null));

-- What a destination is called on a rail, one per currency: there an account has one bank account for each.
create table money.destination_accounts (
    destination_id uuid not null references money.destinations (id) on delete restrict,
    rail           text not null,
    currency       text not null check (currency ~ '^[A-Z]{3}$'),
    account        text not null,
    created_at     timestamptz not null,
    primary key (destination_id, rail, currency)
);

-- minor leaves the provider's balance; the fee stays here, the rest goes to the bank.
alter table money.withdrawals
    add column fee_minor        bigint not null default 0 check (fee_minor >= 0),
    add column first_by         uuid,
    add column first_at         timestamptz,
    add column held_code        text,
    add column held_at          timestamptz,
    add column limits_waived_by uuid,
    add constraint withdrawals_fee_leaves_something check (fee_minor < minor),
    add constraint withdrawals_held_is_approved check (held_code is null or state = 'approved'),
    add constraint withdrawals_two_people check (first_by is null or (first_by <> requested_by and (decided_by is null or decided_by <> first_by or state = 'rejected')));
create index withdrawals_held on money.withdrawals (held_at, id) where held_code is not null;
create index withdrawals_recent on money.withdrawals (provider_id, currency, requested_at);

-- What happened to a withdrawal, by whom.
create table money.withdrawal_events (
    id            bigint generated always as identity primary key,
    withdrawal_id uuid not null references money.withdrawals (id) on delete restrict,
    at            timestamptz not null,
    kind          text not null,
    actor_id      uuid,
    actor         text not null,
    note          text
);
create index withdrawal_events_of on money.withdrawal_events (withdrawal_id, id);

alter table money.payouts
    drop constraint payouts_state_check,
    add constraint payouts_state_check check (state in ('created', 'sending', 'in_transit', 'unknown', 'completed', 'failed', 'returned', 'stopped')),
    add column sent_at timestamptz,
    add column end_to_end text not null generated always as (replace(id::text, '-', '')) stored unique;
create index payouts_sent on money.payouts (sent_at) where sent_at is not null;
create index payouts_for_file on money.payouts (id) where state = 'created' and gateway = 'bank_file';

create table money.payout_batches (
    id           uuid primary key,
    currency     text not null check (currency ~ '^[A-Z]{3}$'),
    state        text not null check (state in ('built', 'approved', 'sent', 'settled', 'discarded')),
    revision     int not null default 1,
    execute_on   date not null,
    built_by     uuid not null,
    built_at     timestamptz not null,
    approved_by  uuid,
    approved_at  timestamptz,
    sent_by      uuid,
    sent_at      timestamptz,
    discarded_by uuid,
    settled_at   timestamptz,
    check (approved_by is null or approved_by <> built_by),
    check (state in ('built', 'discarded') or approved_by is not null),
    check ((state in ('sent', 'settled')) = (sent_at is not null))
);
create index payout_batches_recent on money.payout_batches (id desc);

create table money.payout_batch_items (
    batch_id  uuid not null references money.payout_batches (id) on delete restrict,
    payout_id uuid not null references money.payouts (id) on delete restrict,
    no        int not null,
    minor     bigint not null check (minor > 0),
    state     text not null default 'included' check (state in ('included', 'excluded')),
    reason    text,
    primary key (batch_id, payout_id),
    check ((state = 'excluded') = (reason is not null))
);
-- A payout is in one batch at most, ever, that it was not taken out of.
create unique index payout_batch_items_once on money.payout_batch_items (payout_id) where state = 'included';

-- The bytes that go to the bank: written once.
create table money.payout_files (
    batch_id uuid primary key references money.payout_batches (id) on delete restrict,
    name     text not null,
    body     bytea not null,
    sha256   bytea not null check (sha256 = sha256(body)),
    made_at  timestamptz not null
);

-- What the bank said of a payout, each statement line once.
create table money.bank_results (
    reference   text primary key check (length(reference) between 1 and 200),
    payout_id   uuid not null references money.payouts (id) on delete restrict,
    outcome     text not null check (outcome in ('paid', 'returned')),
    currency    text not null,
    minor       bigint not null check (minor > 0),
    note        text,
    recorded_by uuid,
    recorded_at timestamptz not null
);
create index bank_results_payout on money.bank_results (payout_id);
