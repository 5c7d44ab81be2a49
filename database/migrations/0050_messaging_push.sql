-- Push: one token for each session that asked for it, and deliveries to it. The token stands sealed; a keyed hash finds it again when the device moves to another account.

create table messaging.push_devices (
    session_id    uuid primary key,
    person_id     uuid not null,
    token_key     bytea not null unique check (length(token_key) = 32),
    token         bytea not null,
    platform      text not null check (platform in ('android', 'ios', 'web')),
    registered_at timestamptz not null
);
create index push_devices_of_person on messaging.push_devices (person_id);

alter table messaging.deliveries
    drop constraint deliveries_channel_check,
    add constraint deliveries_channel_check check (channel in ('email', 'sms', 'push')),
    drop constraint deliveries_sms_only,
    add constraint deliveries_not_mail check (channel <> 'email' or (to_hint is null and useful_until is null)),
    add column device uuid,
    add constraint deliveries_device check ((channel = 'push') = (device is not null));
