-- Files that people put in. signed → checking → ready or refused; signed → lapsed; anything → erased with its owner. The bytes are in a store.
create schema files;

create table files.uploads (
    id           uuid primary key,
    owner_id     uuid not null,
    subject      text not null check (length(subject) between 3 and 60),
    name         text not null check (length(name) between 1 and 200),
    content_type text not null check (length(content_type) <= 100),
    bytes        int not null check (bytes > 0),
    store        text not null check (store in ('disk', 's3')),
    state        text not null default 'signed' check (state in ('signed', 'checking', 'ready', 'refused', 'lapsed', 'erased')),
    reason       text check (length(reason) <= 200),
    scanned      boolean not null default false,
    sha256       bytea check (length(sha256) = 32),
    signed_at    timestamptz not null,
    expires_at   timestamptz not null check (expires_at > signed_at),
    confirmed_at timestamptz,
    ended_at     timestamptz,
    cleared_at   timestamptz, -- nothing is left in the store that should not be there
    check ((state in ('signed', 'checking')) = (ended_at is null)),
    check (state <> 'ready' or (sha256 is not null and confirmed_at is not null)),
    check (state <> 'refused' or reason is not null)
);
create index uploads_of_subject on files.uploads (subject, id desc);
create index uploads_of_owner on files.uploads (owner_id, id desc);
create index uploads_to_clear on files.uploads (expires_at) where cleared_at is null;
