-- Disputes, holds on orders, reserves.

-- disputed_minor: what open and lost disputes took of the payment; disputed_fee_minor, disputed_tax_minor: the platform's fee in it and the tax on that.
alter table money.payment_guards
    add column disputed_minor     bigint not null default 0 check (disputed_minor >= 0),
    add column disputed_fee_minor bigint not null default 0 check (disputed_fee_minor between 0 and disputed_minor),
    add column disputed_tax_minor bigint not null default 0 check (disputed_tax_minor >= 0 and disputed_fee_minor + disputed_tax_minor <= disputed_minor),
    add constraint payment_guards_share check (refunded_minor + disputed_minor <= captured_minor);

-- position: what the books say of the taken money. none: nothing is taken; held: set aside; lost: gone, with excess_minor at the platform's cost.
create table money.disputes (
    id                 uuid primary key,
    payment_id         uuid not null references money.payments (id) on delete restrict,
    order_id           uuid not null references money.orders (id) on delete restrict,
    gateway            text not null,
    gateway_ref        text not null check (length(gateway_ref) between 1 and 255),
    state              text not null check (state in ('warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response', 'under_review', 'won', 'lost', 'accepted', 'prevented')),
    reason             text not null check (length(reason) between 1 and 100),
    currency           text not null,
    minor              bigint not null check (minor > 0),
    position           text not null default 'none' check (position in ('none', 'held', 'lost')),
    taken_minor        bigint not null default 0 check (taken_minor between 0 and minor),
    taken_fee_minor    bigint not null default 0 check (taken_fee_minor between 0 and taken_minor),
    taken_tax_minor    bigint not null default 0 check (taken_tax_minor >= 0 and taken_fee_minor + taken_tax_minor <= taken_minor),
    excess_minor       bigint not null default 0 check (excess_minor >= 0),
    withdrawn_minor    bigint not null default 0 check (withdrawn_minor >= 0),
    reinstated_minor   bigint not null default 0 check (reinstated_minor between 0 and withdrawn_minor),
    fee_currency       text,
    fee_minor          bigint not null default 0 check (fee_minor >= 0),
    fee_returned_minor bigint not null default 0 check (fee_returned_minor between 0 and fee_minor),
    fee_bearer         text not null check (fee_bearer in ('platform', 'provider')),
    fee_charged_minor  bigint not null default 0 check (fee_charged_minor >= 0),
    postings           int not null default 0,
    revision           int not null default 1,
    due_at             timestamptz,
    opened_at          timestamptz not null,
    closed_at          timestamptz,
    withdrawn_at       timestamptz, -- when either total grew last
    reinstated_at      timestamptz,
    accept_asked_at    timestamptz,
    accept_asked_by    uuid,
    changed_at         timestamptz not null,
    unique (gateway, gateway_ref),
    check ((closed_at is null) = (state in ('warning_needs_response', 'warning_under_review', 'needs_response', 'under_review'))),
    check (position <> 'none' or taken_minor = 0),
    check (position = 'lost' or excess_minor = 0),
    check (fee_minor = 0 or fee_currency is not null)
) with (fillfactor = 80);
create index disputes_order on money.disputes (order_id, id);
create index disputes_payment on money.disputes (payment_id, id);
create index disputes_open on money.disputes (due_at, id) where closed_at is null;

-- What staff answered. One answer per dispute goes to the gateway; a refused one makes room for another.
create table money.dispute_evidence (
    id           uuid primary key,
    dispute_id   uuid not null references money.disputes (id) on delete restrict,
    state        text not null check (state in ('sending', 'unknown', 'submitted', 'refused')),
    fields       jsonb not null,
    submitted_by uuid,
    checks       int not null default 0,
    failure_text text,
    created_at   timestamptz not null,
    submitted_at timestamptz,
    check ((state = 'submitted') = (submitted_at is not null))
);
create unique index dispute_evidence_one on money.dispute_evidence (dispute_id) where state <> 'refused';
create index dispute_evidence_of on money.dispute_evidence (dispute_id, id);

-- A complaint: while one stands, the order's money is not released.
create table money.order_holds (
    id       uuid primary key,
    order_id uuid not null references money.orders (id) on delete restrict,
    reason   text not null check (length(reason) between 1 and 500),
    held_by  uuid,
    held_at  timestamptz not null,
    ended_by uuid,
    ended_at timestamptz,
    outcome  text check (length(outcome) between 1 and 500),
    check ((ended_at is null) = (outcome is null))
);
create unique index order_holds_one on money.order_holds (order_id) where ended_at is null;
create index order_holds_of on money.order_holds (order_id, id);

-- A part of a release that is kept back until its day.
create table money.reserves (
    id          uuid primary key,
    order_id    uuid not null unique references money.orders (id) on delete restrict,
    provider_id uuid not null,
    currency    text not null,
    minor       bigint not null check (minor > 0),
    held_at     timestamptz not null,
    release_at  timestamptz not null check (release_at > held_at),
    released_at timestamptz
);
create index reserves_held on money.reserves (provider_id, currency, release_at, id) where released_at is null;

-- Locks every balance of a provider in a currency, in one order for everybody: for a transaction that posts several journals.
create function money.lock_balances(p_owner uuid, p_currency text) returns bigint
    language plpgsql security definer set search_path = '' as $$
declare v_count bigint;
begin
    select count(*) into v_count from (
        select b.account_id from money.balances b join money.accounts a on a.id = b.account_id
        where a.owner_id = p_owner and a.currency = p_currency order by b.account_id for update of b) locked;
    return v_count;
end $$;
