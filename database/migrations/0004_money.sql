-- Orders, payments, refunds, webhooks, ledger, withdrawals, payouts.

create schema money;

create table money.orders (
    id               uuid primary key,
    customer_id      uuid not null,
    provider_id      uuid not null,
    purpose          text not null,
    subject_id       uuid not null,
    currency         text not null check (currency ~ '^[A-Z]{3}$'),
    total_minor      bigint not null check (total_minor > 0),
    fee_basis_points int not null check (fee_basis_points between 0 and 10000),
    fee_minor        bigint not null check (fee_minor between 0 and total_minor),
    state            text not null default 'open' check (state in ('open', 'paid', 'cancelled')),
    cancel_reason    text,
    paid_payment_id  uuid,
    paid_at          timestamptz,
    released_at      timestamptz,
    expires_at       timestamptz not null,
    created_at       timestamptz not null,
    unique (purpose, subject_id),
    check ((state = 'paid') = (paid_payment_id is not null)),
    check ((state = 'paid') = (paid_at is not null)),
    check (released_at is null or state = 'paid')
) with (fillfactor = 80);
create index orders_customer on money.orders (customer_id, id);
create index orders_escrow on money.orders (provider_id, id) where state = 'paid' and released_at is null;
create index orders_provider on money.orders (provider_id, id);

create table money.order_lines (
    order_id uuid not null references money.orders (id) on delete restrict,
    no       int not null,
    text     text not null check (length(text) between 1 and 200),
    minor    bigint not null check (minor >= 0),
    primary key (order_id, no)
);

create table money.payments (
    id              uuid primary key,
    order_id        uuid not null references money.orders (id) on delete restrict,
    gateway         text not null,
    attempt         int not null check (attempt > 0),
    state           text not null check (state in ('created', 'requires_action', 'authorized', 'capturing', 'captured', 'failed', 'cancelled', 'expired', 'unknown')),
    currency        text not null,
    amount_minor    bigint not null check (amount_minor > 0),
    step_minor      bigint not null check (step_minor > 0), -- the smallest step this gateway can move: refunds are multiples of it
    gateway_ref     text,
    gateway_payment text,
    redirect_url    text,
    failure_code    text,
    failure_text    text,
    cancel_asked    boolean not null default false,
    checks          int not null default 0,
    started_by      uuid,
    created_at      timestamptz not null,
    captured_at     timestamptz,
    changed_at      timestamptz not null,
    unique (order_id, attempt),
    check ((state = 'captured') = (captured_at is not null))
) with (fillfactor = 80);
create unique index payments_one_live on money.payments (order_id) where state in ('created', 'requires_action', 'authorized', 'capturing', 'unknown');
create unique index payments_gateway_ref on money.payments (gateway, gateway_ref) where gateway_ref is not null;
create index payments_recent on money.payments (created_at desc, id desc);
create index payments_state on money.payments (state, changed_at) where state in ('created', 'requires_action', 'authorized', 'capturing', 'unknown');

-- One row a payment that every total is checked on. refunded_minor counts refunds that were asked for and have not failed.
create table money.payment_guards (
    payment_id       uuid primary key references money.payments (id) on delete restrict,
    authorized_minor bigint not null default 0 check (authorized_minor >= 0),
    captured_minor   bigint not null default 0 check (captured_minor between 0 and authorized_minor),
    refunded_minor   bigint not null default 0 check (refunded_minor between 0 and captured_minor),
    fee_back_minor   bigint not null default 0 check (fee_back_minor >= 0)
) with (fillfactor = 70);

create table money.payment_events (
    id         bigint generated always as identity primary key,
    payment_id uuid not null,
    at         timestamptz not null,
    kind       text not null,
    actor      text not null,
    facts      jsonb
);
create index payment_events_of on money.payment_events (payment_id, id);

create table money.refunds (
    id            uuid primary key,
    payment_id    uuid not null references money.payments (id) on delete restrict,
    order_id      uuid not null references money.orders (id) on delete restrict,
    state         text not null check (state in ('pending', 'completed', 'failed', 'unknown')),
    currency      text not null,
    minor         bigint not null check (minor > 0),
    fee_minor     bigint not null check (fee_minor between 0 and minor),
    source        text not null check (source in ('escrow', 'provider', 'unapplied')),
    reason        text not null check (length(reason) between 1 and 500),
    gateway_ref   text,
    failure_text  text,
    requested_by  uuid,
    created_at    timestamptz not null,
    completed_at  timestamptz,
    checks        int not null default 0,
    check ((state = 'completed') = (completed_at is not null))
);
create index refunds_payment on money.refunds (payment_id, id);
create index refunds_order on money.refunds (order_id, id);

create table money.webhooks (
    id          bigint generated always as identity primary key,
    gateway     text not null,
    event_id    text not null,
    type        text not null,
    body        bytea not null,
    state       text not null default 'received' check (state in ('received', 'done', 'ignored', 'unmatched')),
    note        text,
    received_at timestamptz not null,
    done_at     timestamptz,
    unique (gateway, event_id)
) with (fillfactor = 85);
create index webhooks_waiting on money.webhooks (received_at) where state = 'received';

-- Ledger. The app's role may only call money.post_journal.
create table money.accounts (
    id       bigint generated always as identity primary key,
    kind     text not null check (kind in (
        'gateway_clearing', 'bank', 'cash', 'disputed_funds', -- assets
        'escrow', 'unapplied', 'provider_available', 'provider_reserved', 'provider_disputed', 'provider_rolling', 'fee_tax', 'refunds_in_transit', 'payouts_in_transit', 'suspense', -- liabilities
        'platform_fee', 'platform_sales', 'payout_fee', -- income
        'gateway_fees', 'fee_variance', 'dispute_fees', 'dispute_losses', 'write_offs', 'rounding', -- expenses
        'fx_position')), -- what conversions left open, per currency
    owner_id uuid,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    unique nulls not distinct (kind, owner_id, currency),
    check ((kind in ('provider_available', 'provider_reserved', 'provider_disputed', 'provider_rolling')) = (owner_id is not null))
);

create table money.journals (
    id          bigint generated always as identity primary key,
    reference   text not null unique,
    kind        text not null,
    order_id    uuid,
    effective_at timestamptz not null,
    posted_at   timestamptz not null,
    tx          xid8 not null default pg_current_xact_id()
);
create index journals_posted on money.journals using brin (posted_at);
create index journals_order on money.journals (order_id, id) where order_id is not null;

-- Journal and account without foreign keys: each posting would lock the rows of the platform's accounts, which all postings share (measured: the
-- processor time of a posting doubles). money.post_journal finds the one and writes the other in the same transaction, and neither ever goes.
create table money.entries (
    journal_id bigint not null,
    no         smallint not null,
    account_id bigint not null,
    minor      bigint not null check (minor <> 0),
    primary key (journal_id, no)
);
create index entries_account on money.entries (account_id, journal_id);
create function money.stays() returns trigger language plpgsql set search_path = '' as $$
begin
    raise exception 'what is in money.% stays', tg_table_name using errcode = '23001', constraint = 'ledger_stays';
end $$;
create trigger accounts_stay before delete or update of id on money.accounts for each row execute function money.stays();
create trigger journals_stay before delete or update of id on money.journals for each row execute function money.stays();

-- What the platform owes a provider: minus the sum of the entries of the account. Kept by money.post_journal only.
create table money.balances (
    account_id bigint primary key references money.accounts (id) on delete restrict,
    owed_minor bigint not null
) with (fillfactor = 60);

-- "is not distinct from" cannot use the index: an owner is looked for by equality.
create function money.account_of(p_kind text, p_owner uuid, p_currency text) returns bigint
    language plpgsql security definer set search_path = '' as $$
declare v_id bigint;
begin
    if p_owner is null then
        select a.id into v_id from money.accounts a where a.kind = p_kind and a.owner_id is null and a.currency = p_currency;
    else
        select a.id into v_id from money.accounts a where a.kind = p_kind and a.owner_id = p_owner and a.currency = p_currency;
    end if;
    if v_id is not null then return v_id; end if;
    insert into money.accounts (kind, owner_id, currency) values (p_kind, p_owner, p_currency) on conflict do nothing;
    select a.id into strict v_id from money.accounts a where a.kind = p_kind and a.owner_id is not distinct from p_owner and a.currency = p_currency;
    if p_owner is not null then insert into money.balances (account_id, owed_minor) values (v_id, 0) on conflict do nothing; end if;
    return v_id;
end $$;

-- Writes one balanced journal. Debits are positive, credits negative; the sum is zero per currency or nothing is written.
create function money.post_journal(p_reference text, p_kind text, p_order uuid, p_effective_at timestamptz, p_posted_at timestamptz,
                                   p_kinds text[], p_owners uuid[], p_currencies text[], p_minors bigint[]) returns bigint
    language plpgsql security definer set search_path = '' as $$
declare
    v_journal  bigint;
    v_accounts bigint[];
begin
    if coalesce(array_length(p_minors, 1), 0) < 2 or array_length(p_kinds, 1) <> array_length(p_minors, 1)
       or array_length(p_owners, 1) <> array_length(p_minors, 1) or array_length(p_currencies, 1) <> array_length(p_minors, 1) then
        raise exception 'a journal has at least two complete entries' using errcode = '22023';
    end if;
    if exists (select 1 from unnest(p_currencies, p_minors) as e(currency, minor) group by e.currency having sum(e.minor::numeric) <> 0) then
        raise exception 'journal % does not sum to zero', p_reference using errcode = '23514', constraint = 'journal_balanced';
    end if;
    select array_agg(money.account_of(e.kind, e.owner, e.currency) order by e.no) into v_accounts
        from unnest(p_kinds, p_owners, p_currencies) with ordinality as e(kind, owner, currency, no);
    insert into money.journals (reference, kind, order_id, effective_at, posted_at)
        values (p_reference, p_kind, p_order, p_effective_at, p_posted_at) returning id into v_journal;
    insert into money.entries (journal_id, no, account_id, minor)
        select v_journal, e.no, e.account, e.minor from unnest(v_accounts, p_minors) with ordinality as e(account, minor, no);
    if exists (select 1 from unnest(p_owners) as e(owner) where e.owner is not null) then
        perform 1 from money.balances b where b.account_id = any (v_accounts) order by b.account_id for update;
        update money.balances b set owed_minor = b.owed_minor - d.minor
            from (select e.account, sum(e.minor)::bigint as minor from unnest(v_accounts, p_minors) as e(account, minor) group by e.account) d
            where b.account_id = d.account;
    end if;
    return v_journal;
end $$;

-- Locks a provider's balance until the end of the transaction and answers it; the app's role may not update the row, so it cannot lock it itself.
create function money.lock_balance(p_kind text, p_owner uuid, p_currency text) returns bigint
    language plpgsql security definer set search_path = '' as $$
declare
    v_id bigint := money.account_of(p_kind, p_owner, p_currency); -- first: a balance that this makes has to be seen by the next statement
    v_owed bigint;
begin
    select b.owed_minor into strict v_owed from money.balances b where b.account_id = v_id for update;
    return v_owed;
end $$;

create table money.destinations (
    id              uuid primary key,
    provider_id     uuid not null,
    holder_sealed   bytea not null,
    hint            text not null,
    gateway         text not null,
    gateway_account text,
    created_at      timestamptz not null,
    usable_from     timestamptz not null,
    retired_at      timestamptz
);
create unique index destinations_current on money.destinations (provider_id) where retired_at is null;

create table money.withdrawals (
    id             uuid primary key,
    provider_id    uuid not null,
    destination_id uuid not null references money.destinations (id) on delete restrict,
    currency       text not null,
    minor          bigint not null check (minor > 0),
    state          text not null check (state in ('pending', 'approved', 'rejected', 'cancelled', 'processing', 'unknown', 'completed', 'failed', 'returned')),
    revision       int not null default 1,
    requested_by   uuid not null,
    requested_at   timestamptz not null,
    decided_by     uuid,
    decided_at     timestamptz,
    reason         text,
    changed_at     timestamptz not null,
    check (decided_by is null or decided_by <> requested_by),
    check (state not in ('approved', 'processing', 'unknown', 'completed', 'returned') or decided_by is not null)
);
create index withdrawals_queue on money.withdrawals (state, requested_at, id);
create index withdrawals_provider on money.withdrawals (provider_id, id);

create table money.payouts (
    id            uuid primary key,
    withdrawal_id uuid not null unique references money.withdrawals (id) on delete restrict,
    gateway       text not null,
    state         text not null check (state in ('created', 'sending', 'in_transit', 'unknown', 'completed', 'failed', 'returned')),
    transfer_ref  text unique,
    gateway_ref   text unique,
    failure_text  text,
    checks        int not null default 0,
    created_at    timestamptz not null,
    completed_at  timestamptz,
    changed_at    timestamptz not null
);

-- What a gateway says and our rows contradict: for a person to look at.
create table money.quarantine (
    id         bigint generated always as identity primary key,
    payment_id uuid references money.payments (id) on delete restrict,
    payout_id  uuid references money.payouts (id) on delete restrict,
    reason     text not null,
    expected   text not null,
    reported   text not null,
    source     text not null,
    at         timestamptz not null,
    unique nulls not distinct (payment_id, payout_id, reason, reported),
    check (num_nonnulls(payment_id, payout_id) = 1)
);
