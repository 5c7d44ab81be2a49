-- Mail by several senders: which of them made an attempt, which one may have a message whose answer was lost, and what they tell afterwards.

alter table messaging.deliveries
    add column sender text check (length(sender) <= 20),
    add column doubt  text check (length(doubt) <= 20),
    drop constraint deliveries_check2,
    add constraint deliveries_sms_only check (channel = 'sms' or (to_hint is null and useful_until is null));
alter table messaging.delivery_log add column sender text check (length(sender) <= 20);
create index delivery_log_of_sender on messaging.delivery_log (sender, id desc) where sender is not null;

-- Until now there was one sender.
update messaging.deliveries set doubt = 'smtp' where channel = 'email' and state = 'unknown';
