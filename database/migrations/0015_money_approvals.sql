-- Acts that one person proposes and another lets happen.

create table money.approvals (
    id          uuid primary key,
    kind        text not null,
    subject     text not null check (length(subject) between 1 and 100),
    facts       jsonb not null,
    currency    text,
    minor       bigint,
    reason      text not null check (length(reason) between 1 and 500),
    state       text not null default 'pending' check (state in ('pending', 'approved', 'rejected', 'withdrawn')),
    asked_by    uuid not null,
    asked_at    timestamptz not null,
    decided_by  uuid,
    decided_at  timestamptz,
    said        text check (length(said) between 1 and 500),
    check ((currency is null) = (minor is null)),
    check ((state = 'pending') = (decided_by is null)),
    check ((state = 'pending') = (decided_at is null)),
    check (state not in ('approved', 'rejected') or decided_by <> asked_by)
);
-- One proposal of a kind is open for a subject.
create unique index approvals_open on money.approvals (kind, subject) where state = 'pending';
create index approvals_queue on money.approvals (state, id desc);
create index approvals_subject on money.approvals (subject, id);
