-- Events of webhooks are forgotten after a while.

create index webhook_deliveries_event on operations.webhook_deliveries (event_id);

create function operations.webhook_is_due(p_event uuid) returns boolean
    language sql stable set search_path = '' as $$
    select exists (
        select 1 from operations.webhook_deliveries d join operations.webhook_endpoints e on e.id = d.endpoint_id
        where d.event_id = p_event and (d.state = 'sending' or d.state = 'waiting' and e.state <> 'removed'))
$$;

-- The oldest of what happened before that moment, except what is still to be sent. Who sends an event again locks it first, so it is not forgotten meanwhile.
-- Answers how many events went.
create function operations.forget_webhooks(p_before timestamptz, p_limit int) returns int
    language plpgsql security definer set search_path = '' as $$
declare
    v_events uuid[];
begin
    v_events := array(
        select v.id from operations.webhook_events v where v.occurred_at < p_before and v.fanned_at is not null and not operations.webhook_is_due(v.id)
        order by v.occurred_at, v.no limit p_limit for update of v skip locked);
    v_events := array(select id from unnest(v_events) as x(id) where not operations.webhook_is_due(id)); -- somebody may have asked for it before it was locked
    delete from operations.webhook_attempts a using operations.webhook_deliveries d where d.event_id = any (v_events) and a.endpoint_id = d.endpoint_id and a.event_id = d.event_id;
    delete from operations.webhook_deliveries where event_id = any (v_events);
    delete from operations.webhook_events where id = any (v_events);
    return cardinality(v_events);
end $$;
