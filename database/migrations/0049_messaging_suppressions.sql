-- Addresses that nothing is sent to: those that came back for good, and those whose people do not want it. A keyed hash finds an address; the address itself is sealed with
-- the key of the person whose message it was.

create table messaging.suppressions (
    id            uuid primary key,
    person_id     uuid not null,
    channel       text not null check (channel in ('email', 'sms')),
    address_key   bytea not null check (length(address_key) = 32),
    address       bytea not null,
    hint          text not null check (length(hint) between 2 and 254),
    reason        text not null check (reason in ('bounced', 'refused', 'dropped', 'complained', 'unsubscribed', 'number_invalid', 'not_mobile')),
    source        text not null check (length(source) <= 20),
    delivery_id   uuid not null references messaging.deliveries (id) on delete restrict,
    suppressed_at timestamptz not null,
    unique (channel, address_key)
);
create index suppressions_of_person on messaging.suppressions (person_id, id desc);

-- Where a message went, so that a word about it is only believed about that address.
alter table messaging.deliveries
    add column address_key bytea check (length(address_key) = 32),
    drop constraint deliveries_state_check,
    add constraint deliveries_state_check check (state in ('queued', 'sending', 'sent', 'failed', 'unknown', 'suppressed')),
    add constraint deliveries_suppressed_why check (state <> 'suppressed' or reason is not null);
