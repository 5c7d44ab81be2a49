-- What is thought of a sign-in: what failed before, places, decisions, holds, blocked networks.

-- Failed sign-ins of the last hour, to tell an attack from a typing mistake. The account is keyed, whether it exists or not; of the password only 32 bits under a key
-- that changes every day.
create table identity.sign_in_failures (
    id            bigint generated always as identity primary key,
    at            timestamptz not null,
    account_key   bytea not null check (length(account_key) = 16),
    address       text not null check (length(address) <= 60),
    network       text not null check (length(network) <= 60),
    password_mark bytea not null check (length(password_mark) = 4)
);
create index sign_in_failures_at on identity.sign_in_failures (at);
create index sign_in_failures_account on identity.sign_in_failures (account_key, at);
create index sign_in_failures_address on identity.sign_in_failures (address, at);
create index sign_in_failures_network on identity.sign_in_failures (network, at);
create index sign_in_failures_password on identity.sign_in_failures (password_mark, at);

-- Where an account has signed in from, as far as places are known. Personal: goes with the person.
create table identity.sign_in_places (
    account_id uuid not null references identity.accounts (id) on delete restrict,
    country    text not null check (country ~ '^[A-Z]{2}$'),
    latitude   double precision check (latitude between -90 and 90),
    longitude  double precision check (longitude between -180 and 180),
    first_at   timestamptz not null,
    last_at    timestamptz not null,
    primary key (account_id, country)
);

-- What was thought of every sign-in whose first factor was right, with all it rests on. Where it came from is sealed with the person's key.
create table identity.risk_decisions (
    id         uuid primary key,
    account_id uuid not null references identity.accounts (id) on delete restrict,
    at         timestamptz not null,
    method     text not null check (length(method) between 1 and 40),
    outcome    text not null check (outcome in ('allow', 'ask', 'hold')),
    score      int not null check (score >= 0),
    version    int not null check (version > 0), -- of the formula
    inputs     text not null check (length(inputs) <= 4000),
    rules      text not null check (length(rules) <= 4000),
    reasons    text not null check (length(reasons) <= 8000),
    personal   bytea not null check (length(personal) <= 4000)
);
create index risk_decisions_of_account on identity.risk_decisions (account_id, id desc);
create index risk_decisions_outcome on identity.risk_decisions (outcome, id desc) where outcome <> 'allow';

-- Sign-ins of an account from devices it does not know wait until then; a new password ends it.
create table identity.sign_in_holds (
    account_id  uuid primary key references identity.accounts (id) on delete restrict,
    since       timestamptz not null,
    until       timestamptz not null,
    decision_id uuid not null references identity.risk_decisions (id) on delete restrict,
    check (until > since)
);

create table identity.network_blocks (
    id         uuid primary key,
    network    cidr not null,
    reason     text not null check (length(reason) between 1 and 500),
    created_by uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    removed_at timestamptz,
    removed_by uuid,
    check ((removed_at is null) = (removed_by is null))
);
create unique index network_blocks_living on identity.network_blocks (network) where removed_at is null;
create index network_blocks_network on identity.network_blocks using gist (network inet_ops) where removed_at is null;
