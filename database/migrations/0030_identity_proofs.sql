-- What a session was proven with, second steps of signing in and stepping up, devices that are known.

alter table identity.accounts
    add column second_factor boolean not null default false,
    add column password_changed_at timestamptz,
    add column must_change_password boolean not null default false;

-- Holders of such a role can do nothing else until they have a second factor.
alter table identity.roles add column needs_second_factor boolean not null default false;

-- A browser or program that has signed in before. Its token is replaced at each use; one that was replaced earlier than its grace is a copy.
create table identity.devices (
    id             uuid primary key,
    account_id     uuid not null references identity.accounts (id) on delete restrict,
    user_agent     text check (length(user_agent) <= 400),
    created_at     timestamptz not null,
    last_seen_at   timestamptz not null,
    trusted_until  timestamptz,
    revoked_at     timestamptz,
    not_me_hash    bytea unique check (length(not_me_hash) = 32)
);
create index devices_of_account on identity.devices (account_id, last_seen_at desc) where revoked_at is null;

create table identity.device_tokens (
    hash        bytea primary key check (length(hash) = 32),
    device_id   uuid not null references identity.devices (id) on delete restrict,
    created_at  timestamptz not null,
    replaced_at timestamptz
);
create unique index device_tokens_current on identity.device_tokens (device_id) where replaced_at is null;
create index device_tokens_of_device on identity.device_tokens (device_id);

alter table identity.sessions
    add column level smallint not null default 1 check (level in (1, 2)),
    add column proven_at timestamptz,
    add column proven_by text not null default 'password' check (length(proven_by) between 1 and 40),
    add column device_id uuid references identity.devices (id) on delete restrict,
    add column impersonator_id uuid references identity.accounts (id) on delete restrict;
alter table identity.sessions drop constraint sessions_ended_why_check;
alter table identity.sessions add constraint sessions_ended_why_check
    check (ended_why in ('signed_out', 'ended_by_owner', 'ended_by_staff', 'replaced', 'expired', 'idle', 'token_reuse', 'too_many', 'not_me', 'password_changed', 'cleaned_up'));

-- A second step: of signing in (no session yet) or of a session that wants to do something sensitive. Used up by the statement that grants.
create table identity.challenges (
    id              uuid primary key,
    account_id      uuid not null references identity.accounts (id) on delete restrict,
    purpose         text not null check (purpose in ('sign_in', 'step_up')),
    token_hash      bytea not null unique check (length(token_hash) = 32),
    session_kind    text not null check (session_kind in ('cookie', 'bearer')),
    session_id      uuid references identity.sessions (id) on delete restrict,
    first_method    text not null,
    epoch           int not null,
    tries           int not null default 0 check (tries between 0 and 5),
    code_hash       bytea check (length(code_hash) = 32),
    code_channel    text check (code_channel in ('email', 'sms')),
    code_expires_at timestamptz,
    codes_sent      int not null default 0 check (codes_sent between 0 and 3),
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    used_at         timestamptz,
    check ((purpose = 'step_up') = (session_id is not null)),
    check ((code_hash is null) = (code_channel is null))
);
create index challenges_expiry on identity.challenges (expires_at);
create index challenges_of_session on identity.challenges (session_id) where session_id is not null;

-- Factors. The seed of a TOTP is sealed by the master key; a step is good once and only forward.
create table identity.totp (
    account_id   uuid primary key references identity.accounts (id) on delete restrict,
    secret       bytea not null,
    last_step    bigint not null default 0,
    created_at   timestamptz not null,
    confirmed_at timestamptz
);

-- Ten codes of 80 bits, hashed with a salt of their set.
create table identity.backup_codes (
    account_id uuid not null references identity.accounts (id) on delete restrict,
    hash       bytea not null check (length(hash) = 32),
    salt       bytea not null check (length(salt) = 16),
    created_at timestamptz not null,
    used_at    timestamptz,
    primary key (account_id, hash)
);

create table identity.passkeys (
    id            uuid primary key,
    account_id    uuid not null references identity.accounts (id) on delete restrict,
    credential_id bytea not null unique check (length(credential_id) between 16 and 1023),
    public_key    bytea not null,
    name          text not null check (length(name) between 1 and 60),
    sign_count    bigint not null check (sign_count >= 0),
    transports    text[] not null,
    verified      boolean not null,
    backup_eligible boolean not null,
    backed_up     boolean not null,
    attestation   bytea not null,
    client_data   bytea not null,
    created_at    timestamptz not null,
    last_used_at  timestamptz
);
create index passkeys_of_account on identity.passkeys (account_id, created_at);

-- What the server asked a browser to sign; good once, for five minutes.
create table identity.passkey_asks (
    id          uuid primary key,
    token_hash  bytea not null unique check (length(token_hash) = 32),
    kind        text not null check (kind in ('register', 'sign_in', 'second_step')),
    account_id  uuid references identity.accounts (id) on delete restrict,
    challenge_id uuid references identity.challenges (id) on delete restrict,
    state       text not null check (length(state) <= 4000),
    created_at  timestamptz not null,
    expires_at  timestamptz not null,
    used_at     timestamptz
);
create index passkey_asks_expiry on identity.passkey_asks (expires_at);

-- A phone number belongs to one account once it is verified. Without a password an account signs in by its phone alone.
alter table identity.accounts
    add column phone text check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    add column phone_verified_at timestamptz,
    add check (phone_verified_at is null or phone is not null);
create unique index accounts_by_phone on identity.accounts (phone) where phone_verified_at is not null;
