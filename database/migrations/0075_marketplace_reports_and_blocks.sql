-- One side of a chat reports the other, or blocks them. A block stops what is new between two people; staff may close a chat.

alter table marketplace.messages drop constraint messages_kind_check;
alter table marketplace.messages add constraint messages_kind_check check (kind in ('text', 'closed', 'paused', 'resumed'));
alter table marketplace.chats drop constraint chats_close_reason_check;
alter table marketplace.chats add constraint chats_close_reason_check check (close_reason in ('completed', 'cancelled', 'moderated'));

-- Stays as a record when it is lifted; one at a time of a person against another.
create table marketplace.person_blocks (
    id         uuid primary key,
    blocker_id uuid not null,
    blocked_id uuid not null,
    chat_id    uuid not null references marketplace.chats (id) on delete restrict,
    blocked_at timestamptz not null,
    lifted_at  timestamptz,
    check (blocker_id <> blocked_id),
    check (lifted_at >= blocked_at)
);
create unique index person_blocks_in_force on marketplace.person_blocks (blocker_id, blocked_id) where lifted_at is null;

-- The copy of the message is evidence: it stays as it was reported. Erasure of either side takes the words once it is decided.
create table marketplace.talk_reports (
    id              uuid primary key,
    chat_id         uuid not null references marketplace.chats (id) on delete restrict,
    reporter_id     uuid not null,
    reported_id     uuid not null,
    reason          text not null check (reason in ('harassment', 'outside_payment', 'fraud', 'spam', 'other')),
    words           text check (length(words) <= 1000),
    message_id      uuid references marketplace.messages (id) on delete restrict,
    message_seq     bigint,
    message_text    text,
    message_sent_at timestamptz,
    state           text not null check (state in ('open', 'decided')),
    outcome         text check (outcome in ('nothing', 'warned', 'chat_closed', 'suspended')),
    why             text check (length(why) between 3 and 500),
    reported_at     timestamptz not null,
    decided_by      uuid,
    decided_at      timestamptz,
    check (reporter_id <> reported_id),
    check (num_nulls(message_id, message_seq, message_sent_at) in (0, 3)),
    check ((state = 'open') = (decided_at is null)),
    check ((state = 'open') = (outcome is null)),
    check ((state = 'open') = (decided_by is null))
);
-- What one person has reported and nobody has decided is one report.
create unique index talk_reports_open on marketplace.talk_reports (chat_id, reporter_id, coalesce(message_id, '00000000-0000-0000-0000-000000000000'::uuid)) where state = 'open';
create index talk_reports_by_state on marketplace.talk_reports (state, id);
create index talk_reports_by_reported on marketplace.talk_reports (reported_id, id);
create index chats_open_between on marketplace.chats (provider_account_id, customer_id) where state = 'open';
