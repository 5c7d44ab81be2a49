-- Forgotten and former passwords, and addresses that wait for confirmation.

-- One row per account: a new link replaces the one before it. Used up by the statement that grants.
create table identity.password_resets (
    account_id uuid primary key references identity.accounts (id) on delete restrict,
    token_hash bytea not null unique check (length(token_hash) = 32),
    sent_at    timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz
);

-- The passwords before the present one, hashed as it is; four are kept.
create table identity.password_history (
    account_id    uuid not null references identity.accounts (id) on delete restrict,
    password_hash text not null,
    replaced_at   timestamptz not null,
    primary key (account_id, password_hash)
);

-- A new address takes effect once its own link or code is confirmed, within the epoch of the account that asked.
create table identity.email_changes (
    account_id      uuid primary key references identity.accounts (id) on delete restrict,
    email           text not null check (length(email) between 3 and 254),
    token_hash      bytea not null unique check (length(token_hash) = 32),
    link_expires_at timestamptz not null,
    code_hash       bytea not null check (length(code_hash) = 32),
    code_expires_at timestamptz not null,
    tries           int not null default 0 check (tries between 0 and 5),
    epoch           int not null,
    asked_at        timestamptz not null,
    used_at         timestamptz
);
create index email_changes_expiry on identity.email_changes (link_expires_at);
