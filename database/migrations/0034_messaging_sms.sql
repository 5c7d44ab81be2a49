-- Text messages beside e-mail. The number stands in the sealed part only; what staff see of it is its end.

alter table messaging.deliveries drop constraint deliveries_channel_check;
alter table messaging.deliveries add constraint deliveries_channel_check check (channel in ('email', 'sms'));
alter table messaging.deliveries
    add column to_hint text check (length(to_hint) <= 8),
    add column useful_until timestamptz,
    add column provider_ref text unique check (length(provider_ref) <= 64),
    add column delivered_at timestamptz,
    add check (channel = 'sms' or (to_hint is null and useful_until is null and provider_ref is null and delivered_at is null)),
    add check (delivered_at is null or state = 'sent');
