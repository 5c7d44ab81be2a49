using System.Collections.Concurrent;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guildhall.Operations.Webhooks;

/// <summary>The lane of its own in which messages leave: jobs of other kinds never wait behind a consumer, and consumers never behind one another. Each
/// endpoint has at most <see cref="AtOnce"/> messages on the way from this node, one while it fails; what waits, waits in the database.
/// waiting → sending (leased) → delivered, waiting again, or failed; a sender that died gives its lease back to whoever looks next.</summary>
internal sealed class WebhookSender(Database database, MasterKey key, PostMessage post, WebhookBell bell, NodeMeter meter, ILogger<WebhookSender> log) : BackgroundService
{
    internal const int AtOnce = 4, FailsAfter = 3;
    private const int FanOutBatch = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500), Lease = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<WebhookEndpointId, int> _onTheWay = new();
    private readonly System.Diagnostics.Metrics.Counter<long> _sent = meter.Count("guildhall.webhooks.sent", "Messages to endpoints of others, by outcome of the attempt.");
    private readonly SemaphoreSlim _database = new(6); // of the pool's connections

    private sealed record Due(WebhookEndpointId Id, int Failures);

    private sealed record Claimed(WebhookMessageId EventId, long Fence);

    private sealed record Work(WebhookMessageId Id, string Type, int Version, string ObjectId, long Sequence, string Facts, DateTimeOffset OccurredAt,
        string Url, byte[] Secret, byte[]? OldSecret, DateTimeOffset? OldSecretUntil)
    {
        public WebhookMessage Message => new(Id, Type, Version, ObjectId, Sequence, Facts, OccurredAt);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await Turn(stoppingToken)) await bell.Wait(Poll, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (Exception problem)
            {
                log.LogError(problem, "webhook_sender_failed");
                await Task.Delay(1000, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    // True when there may be more to do at once.
    private async Task<bool> Turn(CancellationToken stop)
    {
        var now = database.Clock.GetUtcNow();
        var fanned = await database.Change(FanOut, new { now, limit = FanOutBatch }, stop);
        await database.Change(Rescue, new { now, realNow = TimeProvider.System.GetUtcNow() }, stop);
        var more = fanned == FanOutBatch;
        foreach (var endpoint in await database.List<Due>(WithDue, new { now }, stop))
        {
            var room = (endpoint.Failures >= FailsAfter ? 1 : AtOnce) - _onTheWay.GetValueOrDefault(endpoint.Id);
            if (room <= 0) continue;
            var leaseUntil = TimeProvider.System.GetUtcNow() + Lease;
            var claimed = await database.List<Claimed>(Claim, new { endpoint = endpoint.Id, now, limit = room, leaseUntil }, stop);
            foreach (var one in claimed)
            {
                _onTheWay.AddOrUpdate(endpoint.Id, 1, (_, count) => count + 1);
                _ = Send(endpoint.Id, one, stop);
            }
        }
        return more;
    }

    private async Task Send(WebhookEndpointId endpoint, Claimed claimed, CancellationToken stop)
    {
        try
        {
            if (await WithDatabase(() => database.Find<Work>(Read, new { endpoint, claimed.EventId }, stop), stop) is not { } work) return;
            var now = database.Clock.GetUtcNow();
            var attempt = await post.Run(work.Url, work.Message, Secrets(endpoint, work, now), now, stop);
            await WithDatabase(() => database.InTransaction(tx => RecordAttempt.Run(tx, endpoint, claimed.EventId, claimed.Fence, work.Url, attempt), CancellationToken.None), stop);
            _sent.Add(1, new KeyValuePair<string, object?>("outcome", Names.Of(attempt.Outcome)));
            log.LogInformation("webhook_{Outcome} {Endpoint} {Message} {Status} {LatencyMs}", Names.Of(attempt.Outcome), endpoint, claimed.EventId, attempt.Status, attempt.LatencyMs);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { } // the lease runs out and it is sent again
        catch (Exception problem)
        {
            log.LogError(problem, "webhook_attempt_not_recorded {Endpoint} {Message}", endpoint, claimed.EventId);
        }
        finally
        {
            _onTheWay.AddOrUpdate(endpoint, 0, (_, count) => count - 1);
            bell.Ring();
        }
    }

    private IEnumerable<string> Secrets(WebhookEndpointId endpoint, Work work, DateTimeOffset now)
    {
        yield return WebhookSecret.Open(key, endpoint, work.Secret);
        if (work.OldSecret is { } old && work.OldSecretUntil > now) yield return WebhookSecret.Open(key, endpoint, old);
    }

    private async Task<T> WithDatabase<T>(Func<Task<T>> work, CancellationToken stop)
    {
        await _database.WaitAsync(stop);
        try { return await work(); }
        finally { _database.Release(); }
    }

    private const string FanOut = """
        with fresh as (
            select id, no, type from operations.webhook_events where fanned_at is null order by no limit @limit for update skip locked),
        made as (
            insert into operations.webhook_deliveries (endpoint_id, event_id, event_no, next_at, changed_at)
            select e.id, f.id, f.no, @now, @now from fresh f
            join operations.webhook_endpoints e on e.state = 'enabled' and (cardinality(e.events) = 0 or f.type = any (e.events))
            on conflict do nothing)
        update operations.webhook_events v set fanned_at = @now from fresh where v.id = fresh.id
        """;

    private const string Rescue = """
        update operations.webhook_deliveries set state = 'waiting', lease_until = null, next_at = @now, changed_at = @now where state = 'sending' and lease_until < @realNow
        """;

    private const string WithDue = """
        select e.id, e.failures from operations.webhook_endpoints e
        where e.state = 'enabled' and exists (select 1 from operations.webhook_deliveries d where d.endpoint_id = e.id and d.state = 'waiting' and d.next_at <= @now)
        order by e.id limit 200
        """;

    private const string Claim = """
        with due as (
            select d.event_id from operations.webhook_deliveries d
            where d.endpoint_id = @endpoint and d.state = 'waiting' and d.next_at <= @now
              and exists (select 1 from operations.webhook_endpoints e where e.id = @endpoint and e.state = 'enabled')
            order by d.next_at, d.event_no limit @limit for update of d skip locked)
        update operations.webhook_deliveries w set state = 'sending', lease_until = @leaseUntil, fence = w.fence + 1, changed_at = @now
        from due where w.endpoint_id = @endpoint and w.event_id = due.event_id
        returning w.event_id, w.fence
        """;

    private const string Read = """
        select v.id, v.type, v.version, v.object_id, v.sequence, v.facts, v.occurred_at, e.url, e.secret, e.old_secret, e.old_secret_until
        from operations.webhook_events v join operations.webhook_endpoints e on e.id = @endpoint where v.id = @EventId
        """;
}
