-- What a customer writes to the provider with a hold, and appeals of authors whose words were taken for a contact detail: open → granted (shown as written) or refused.

alter table marketplace.bookings add column note text check (length(note) between 1 and 500);

create table marketplace.mask_appeals (
    id          uuid primary key,
    text        text not null check (text in ('note', 'cancel_reason', 'profile')),
    -- the booking, or for a profile the provider
    subject_id  uuid not null,
    author_id   uuid not null,
    words       text check (length(words) <= 500),
    state       text not null check (state in ('open', 'granted', 'refused')),
    appealed_at timestamptz not null,
    decided_by  uuid,
    decided_why text check (length(decided_why) between 3 and 500),
    decided_at  timestamptz,
    unique (text, subject_id),
    check ((state = 'open') = (decided_at is null)),
    check ((state = 'open') = (decided_by is null)),
    check ((state = 'open') = (decided_why is null))
);
create index mask_appeals_by_state on marketplace.mask_appeals (state, id);
