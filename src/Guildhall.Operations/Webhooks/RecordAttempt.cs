using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Operations.Webhooks;

/// <summary>sending → delivered, waiting (by the schedule) or failed (the schedule is over). An endpoint that says it is gone is disabled at once; one that
/// took nothing while a message went through its whole schedule is disabled then. A sender that lost its lease changes nothing.</summary>
internal static class RecordAttempt
{
    private sealed record Locked(int Round, int Attempts, long EventNo, DateTimeOffset? FirstFailureAt);

    public static async Task<Done> Run(Transaction tx, WebhookEndpointId endpoint, WebhookMessageId message, long fence, string url, PostMessage.Attempt attempt)
    {
        var delivery = await tx.Find<Locked>(Lock, new { endpoint, message, fence });
        if (delivery is null) return default;
        var attempts = delivery.Attempts + 1;
        await tx.ChangeOne(AddAttempt, new { endpoint, message, delivery.Round, no = attempts, now = tx.Now, attempt.Outcome, attempt.Status, attempt.LatencyMs, attempt.Response });
        if (attempt.Outcome == AttemptOutcome.Delivered)
        {
            await tx.ChangeOne(MarkDelivered, new { endpoint, message, attempts, attempt.Status, now = tx.Now });
            await tx.Change(EndpointWell, new { endpoint, now = tx.Now });
            return default;
        }

        var error = Error(attempt);
        var wait = RetrySchedule.After(attempts);
        var firstFailure = delivery.FirstFailureAt ?? tx.Now;
        await tx.ChangeOne(MarkNotDelivered, new { endpoint, message, attempts, attempt.Status, error, firstFailure, nextAt = tx.Now + (wait ?? TimeSpan.Zero), again = wait is not null, now = tx.Now });
        await tx.ChangeOne(EndpointIll, new { endpoint, error, now = tx.Now });
        if (attempt.Outcome == AttemptOutcome.Gone) await DisableEndpoint.ByItself(tx, endpoint, DisabledWhy.Gone, url, failedSince: null);
        else if (wait is null) await DisableEndpoint.ByItself(tx, endpoint, DisabledWhy.Failing, url, firstFailure);
        return default;
    }

    private static string Error(PostMessage.Attempt attempt) => attempt.Outcome switch
    {
        AttemptOutcome.TimedOut => "It did not answer in time.",
        AttemptOutcome.NotPublic => "Its name leads to no public address.",
        AttemptOutcome.NotConnected => $"No connection: {attempt.Response ?? "the answer broke off"}.",
        AttemptOutcome.Redirected => string.Create(CultureInfo.InvariantCulture, $"It answered {attempt.Status}: redirects are not followed."),
        _ => string.Create(CultureInfo.InvariantCulture, $"It answered {attempt.Status}."),
    };

    private const string Lock = """
        select round, attempts, event_no, first_failure_at from operations.webhook_deliveries
        where endpoint_id = @endpoint and event_id = @message and state = 'sending' and fence = @fence for update
        """;

    private const string AddAttempt = """
        insert into operations.webhook_attempts (endpoint_id, event_id, round, no, at, outcome, status, latency_ms, response)
        values (@endpoint, @message, @Round, @no, @now, @Outcome, @Status, @LatencyMs, @Response)
        """;

    private const string MarkDelivered = """
        update operations.webhook_deliveries set state = 'delivered', lease_until = null, attempts = @attempts, last_status = @Status, last_error = null, delivered_at = @now, changed_at = @now
        where endpoint_id = @endpoint and event_id = @message and state = 'sending'
        """;

    private const string MarkNotDelivered = """
        update operations.webhook_deliveries set state = case when @again then 'waiting' else 'failed' end, lease_until = null, attempts = @attempts, next_at = @nextAt,
            first_failure_at = @firstFailure, last_status = @Status, last_error = @error, changed_at = @now
        where endpoint_id = @endpoint and event_id = @message and state = 'sending'
        """;

    // An endpoint that is well is written to every ten seconds at most.
    private const string EndpointWell = """
        update operations.webhook_endpoints set failures = 0, failing_since = null, last_success_at = @now
        where id = @endpoint and (failures > 0 or last_success_at is null or last_success_at < @now - interval '10 seconds')
        """;

    private const string EndpointIll = """
        update operations.webhook_endpoints set failures = failures + 1, failing_since = coalesce(failing_since, @now), last_failure_at = @now, last_error = @error where id = @endpoint
        """;
}
