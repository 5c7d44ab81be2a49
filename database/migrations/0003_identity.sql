-- Accounts, roles and what they may do, e-mail verification, sessions, refresh tokens, signing keys.

create schema identity;

create table identity.accounts (
    id                uuid primary key,
    email             text not null check (length(email) between 3 and 254),
    email_key         text not null unique check (email_key = translate(email, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')),
    display_name      text not null check (length(display_name) between 1 and 100),
    language          text not null check (language in ('en', 'ar')),
    zone              text not null check (length(zone) between 1 and 64),
    password_hash     text not null,
    state             text not null check (state in ('unverified', 'active', 'suspended')),
    epoch             int not null default 1 check (epoch > 0),
    created_at        timestamptz not null,
    email_verified_at timestamptz,
    changed_at        timestamptz not null,
    check (state <> 'active' or email_verified_at is not null),
    check (state <> 'unverified' or email_verified_at is null)
);
create index accounts_by_email on identity.accounts (email_key text_pattern_ops);
create index accounts_by_name on identity.accounts (lower(display_name) text_pattern_ops);

create table identity.roles (
    name text primary key
);

create table identity.role_permissions (
    role       text not null references identity.roles (name) on delete restrict,
    permission text not null,
    primary key (role, permission)
);

create table identity.account_roles (
    account_id uuid not null references identity.accounts (id) on delete restrict,
    role       text not null references identity.roles (name) on delete restrict,
    granted_at timestamptz not null,
    primary key (account_id, role)
);

-- One row per account: a new message replaces the one before it. The row carries the password of the registration it belongs to, so that
-- what is confirmed is what was asked for in that message's registration.
create table identity.email_verifications (
    account_id      uuid primary key references identity.accounts (id) on delete restrict,
    token_hash      bytea not null unique check (length(token_hash) = 32),
    link_expires_at timestamptz not null,
    code_hash       bytea not null check (length(code_hash) = 32),
    code_expires_at timestamptz not null,
    tries           int not null default 0 check (tries between 0 and 5),
    used_at         timestamptz,
    display_name    text not null,
    language        text not null,
    zone            text not null,
    password_hash   text not null,
    sent_at         timestamptz not null
);

create table identity.sessions (
    id          uuid primary key,
    account_id  uuid not null references identity.accounts (id) on delete restrict,
    kind        text not null check (kind in ('cookie', 'bearer')),
    epoch       int not null,
    cookie_hash bytea unique check (length(cookie_hash) = 32),
    created_at  timestamptz not null,
    last_active timestamptz not null,
    expires_at  timestamptz not null,
    user_agent  text check (length(user_agent) <= 400),
    address     inet,
    ended_at    timestamptz,
    ended_why   text check (ended_why in ('signed_out', 'ended_by_owner', 'ended_by_staff', 'replaced', 'expired', 'idle', 'token_reuse', 'too_many')),
    check ((kind = 'cookie') = (cookie_hash is not null)),
    check ((ended_at is null) = (ended_why is null)),
    check (expires_at > created_at)
) with (fillfactor = 80);
create index sessions_of_account on identity.sessions (account_id, created_at desc) where ended_at is null;
create index sessions_expiry on identity.sessions (expires_at) where ended_at is null;
create index sessions_ended on identity.sessions (ended_at) where ended_at is not null;

create table identity.refresh_tokens (
    hash             bytea primary key check (length(hash) = 32),
    session_id       uuid not null references identity.sessions (id) on delete restrict,
    created_at       timestamptz not null,
    used_at          timestamptz,
    successor_hash   bytea,
    successor_sealed bytea,
    check ((used_at is null) = (successor_hash is null)),
    check ((used_at is null) = (successor_sealed is null))
);
-- One living token per session.
create unique index refresh_tokens_current on identity.refresh_tokens (session_id) where used_at is null;
create index refresh_tokens_of_session on identity.refresh_tokens (session_id);

-- next is published before it signs; retired verifies until the last token it signed has run out.
create table identity.signing_keys (
    kid         text primary key check (length(kid) between 8 and 64),
    state       text not null check (state in ('next', 'active', 'retired')),
    public_key  bytea not null,
    sealed_key  bytea not null,
    created_at  timestamptz not null,
    active_from timestamptz,
    retired_at  timestamptz,
    check ((state = 'retired') = (retired_at is not null))
);
create unique index signing_keys_one_active on identity.signing_keys (state) where state in ('next', 'active');

insert into identity.roles (name) values ('customer'), ('provider'), ('finance'), ('admin');
insert into identity.role_permissions (role, permission) values
    ('admin', '*'),
    ('finance', 'payment.view'), ('finance', 'payment.refund'), ('finance', 'approval.decide'), ('finance', 'settlement.record'), ('finance', 'withdrawal.view'), ('finance', 'withdrawal.decide'),
    ('finance', 'reconciliation.view'), ('finance', 'reconciliation.run'), ('finance', 'reconciliation.resolve'),
    ('finance', 'invoice.view'), ('finance', 'invoice.issue'),
    ('finance', 'audit.view'), ('finance', 'dashboard.view');
insert into identity.role_permissions (role, permission) values
    ('finance', 'dispute.manage'), ('finance', 'order.hold'), ('finance', 'debt.write_off');
insert into identity.role_permissions (role, permission) values ('finance', 'risk.review');
