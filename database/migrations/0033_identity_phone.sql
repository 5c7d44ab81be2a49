-- Phone numbers that wait for their code, attempts to sign in by phone, and how codes fare by range of numbers.

-- One per account: a new code voids the one before.
create table identity.phone_verifications (
    account_id uuid primary key references identity.accounts (id) on delete restrict,
    phone      text not null check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    code_hash  bytea not null check (length(code_hash) = 32),
    tries      int not null default 0 check (tries between 0 and 5),
    sent_at    timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz
);
create index phone_verifications_expiry on identity.phone_verifications (expires_at);

-- Made alike for numbers that are known and numbers that are not: a job finds out afterwards, and only then is there a code to be right about.
create table identity.phone_sign_ins (
    id         uuid primary key,
    token_hash bytea not null check (length(token_hash) = 32),
    phone      text not null check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    account_id uuid references identity.accounts (id) on delete restrict,
    code_hash  bytea check (length(code_hash) = 32),
    tries      int not null default 0 check (tries between 0 and 5),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    check ((code_hash is null) = (account_id is null)),
    check (used_at is null or code_hash is not null)
);
create index phone_sign_ins_expiry on identity.phone_sign_ins (expires_at);

-- A range is a number without its last four digits. Ranges whose codes nobody uses are pumped for money.
create table identity.sms_traffic (
    number_range text not null check (length(number_range) between 2 and 12),
    hour         timestamptz not null,
    sent         int not null default 0 check (sent >= 0),
    used         int not null default 0 check (used >= 0),
    primary key (number_range, hour)
);
create index sms_traffic_age on identity.sms_traffic (hour);
