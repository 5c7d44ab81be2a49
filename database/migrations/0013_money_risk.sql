-- Risk: what was thought of every attempt before the gateway was called, what waits for a person, and who is not served.

create table money.risk_decisions (
    id          uuid primary key,
    order_id    uuid not null references money.orders (id) on delete restrict,
    payment_id  uuid not null unique, -- the attempt that asked: it exists only when it was allowed
    customer_id uuid not null,
    provider_id uuid not null,
    address     inet,
    outcome     text not null check (outcome in ('allow', 'review', 'block')),
    score       int not null check (score >= 0),
    version     int not null check (version > 0), -- of the formula
    inputs      text not null check (length(inputs) <= 8000),
    rules       text not null check (length(rules) <= 16000),
    reasons     text not null check (length(reasons) <= 8000),
    at          timestamptz not null
);
create index risk_decisions_provider on money.risk_decisions (provider_id, at);
create index risk_decisions_address on money.risk_decisions (address, at) where address is not null;
create index risk_decisions_order on money.risk_decisions (order_id, at);

-- One review of an order: what is decided holds for all its attempts.
create table money.risk_reviews (
    order_id    uuid primary key references money.orders (id) on delete restrict,
    decision_id uuid not null unique references money.risk_decisions (id) on delete restrict,
    state       text not null check (state in ('waiting', 'approved', 'rejected')),
    pay_until   timestamptz not null,
    opened_at   timestamptz not null,
    decided_at  timestamptz,
    decided_by  uuid,
    reason      text check (length(reason) between 1 and 500),
    check ((state = 'waiting') = (decided_by is null)),
    check ((state = 'waiting') = (decided_at is null)),
    check ((state = 'waiting') = (reason is null))
) with (fillfactor = 85);
create index risk_reviews_waiting on money.risk_reviews (opened_at, order_id) where state = 'waiting';

create table money.risk_blocks (
    id         uuid primary key,
    kind       text not null check (kind in ('customer', 'email', 'address', 'card')),
    value      text not null check (length(value) between 1 and 100), -- of an e-mail address or card only its hash
    network    cidr,
    reason     text not null check (length(reason) between 1 and 500),
    created_by uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    removed_by uuid,
    removed_at timestamptz,
    check ((kind = 'address') = (network is not null)),
    check ((removed_at is null) = (removed_by is null)),
    check (expires_at > created_at)
);
create unique index risk_blocks_living on money.risk_blocks (kind, value) where removed_at is null;
create index risk_blocks_network on money.risk_blocks using gist (network inet_ops) where removed_at is null and kind = 'address';
