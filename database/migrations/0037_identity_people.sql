-- Invitations, roles that staff make, looking as somebody else, copies of what is held about a person, erasure.

-- Roles are made and changed by staff; the built-in ones stay. The version is what an editor must have seen.
alter table identity.roles
    add column says     text not null default '' check (length(says) <= 200),
    add column built_in boolean not null default false,
    add column version  int not null default 1 check (version > 0),
    add constraint roles_name_check check (name ~ '^[a-z][a-z0-9_]{2,29}$');
update identity.roles set built_in = true, says = case name
    when 'customer' then 'Books and pays'
    when 'provider' then 'Offers services and has a desk'
    when 'finance' then 'Looks after money and the books'
    else 'May do everything' end;

-- One open invitation per address. The token is in the mail only; a resend voids the one before.
create table identity.invitations (
    id           uuid primary key,
    email        text not null check (length(email) between 3 and 254),
    email_key    text not null,
    display_name text check (length(display_name) between 1 and 60),
    language     text not null check (language in ('en', 'ar')),
    roles        text[] not null check (cardinality(roles) between 1 and 20),
    days         int not null check (days between 1 and 30),
    token_hash   bytea not null unique check (length(token_hash) = 32),
    state        text not null default 'sent' check (state in ('sent', 'accepted', 'revoked', 'erased')),
    invited_by   uuid not null references identity.accounts (id) on delete restrict,
    account_id   uuid references identity.accounts (id) on delete restrict,
    created_at   timestamptz not null,
    sent_at      timestamptz not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    check ((state = 'sent') = (ended_at is null)),
    check (state <> 'accepted' or account_id is not null),
    check (expires_at > sent_at)
);
create unique index invitations_one_open on identity.invitations (email_key) where state = 'sent';
create index invitations_of_account on identity.invitations (account_id) where account_id is not null;

-- Who looks as somebody else does so while the session they came from lives.
alter table identity.sessions add column impersonator_session uuid references identity.sessions (id) on delete restrict,
    add check ((impersonator_id is null) = (impersonator_session is null));
create index sessions_impersonated_from on identity.sessions (impersonator_session) where impersonator_session is not null;

-- What the product holds about a person, sealed with their key, for seven days. One is made at a time for one person.
create table identity.exports (
    id         uuid primary key,
    account_id uuid not null references identity.accounts (id) on delete restrict,
    state      text not null default 'asked' check (state in ('asked', 'ready')),
    asked_at   timestamptz not null,
    ready_at   timestamptz,
    expires_at timestamptz,
    sealed     bytea,
    bytes      int check (bytes > 0),
    sha256     bytea check (length(sha256) = 32),
    check ((state = 'ready') = (ready_at is not null)),
    check ((state = 'ready') = (sealed is not null)),
    check (num_nulls(ready_at, expires_at, sealed, bytes, sha256) in (0, 5))
);
create unique index exports_one_asked on identity.exports (account_id) where state = 'asked';
create index exports_of_account on identity.exports (account_id, id desc);
create index exports_expiry on identity.exports (expires_at) where expires_at is not null;

-- waiting → erased or taken_back. It is due after two weeks; what stands against it then is tried again day by day.
create table identity.erasures (
    id         uuid primary key,
    account_id uuid not null references identity.accounts (id) on delete restrict,
    state      text not null default 'waiting' check (state in ('waiting', 'taken_back', 'erased')),
    asked_by   uuid not null references identity.accounts (id) on delete restrict,
    why        text check (length(why) between 3 and 500),
    asked_at   timestamptz not null,
    due_at     timestamptz not null,
    ended_at   timestamptz,
    stands_against text check (length(stands_against) <= 1000),
    check ((state = 'waiting') = (ended_at is null)),
    check (due_at > asked_at)
);
create unique index erasures_one_waiting on identity.erasures (account_id) where state = 'waiting';
create index erasures_of_account on identity.erasures (account_id, id desc);

-- erased: nobody any more. The row stays, since orders, books and the audit name it.
alter table identity.accounts drop constraint accounts_state_check;
alter table identity.accounts add constraint accounts_state_check check (state in ('unverified', 'active', 'suspended', 'erased'));

