using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Guildhall.Foundation.Http;

namespace Guildhall.Money.Reconciliation;

/// <summary>How each gateway does, by day (UTC), from the rows of payments, messages, reports and calls.</summary>
public static class ReadPaymentHealth
{
    public const int MaxDays = 90;

    /// <param name="Started">Payments begun on the day; the others count what became of them until now.</param>
    /// <param name="SuccessPercent">Captured of those that have ended; null when none has.</param>
    public sealed record OneDay(DateOnly Day, string Gateway, long Started, long Captured, long Failed, long Open, int? SuccessPercent);

    /// <param name="Captured">What was captured on the day.</param>
    public sealed record Volume(DateOnly Day, string Gateway, Amount Captured);

    /// <summary>Seconds at the median and at the 95th percentile.</summary>
    /// <param name="What"><c>started_to_captured</c>; <c>captured_there_to_here</c> (known of payments a report told of); <c>message_to_settled</c>.</param>
    public sealed record Delay(DateOnly Day, string Gateway, string What, long Count, long MedianSeconds, long P95Seconds);

    /// <summary>How long the gateway took to answer our calls, in milliseconds, each figure the upper end of its step.</summary>
    /// <param name="NoAnswer">Calls without an answer, or with one that says nothing about the effect.</param>
    public sealed record Answering(DateOnly Day, string Gateway, long Calls, long NoAnswer, long MedianMs, long P95Ms, long P99Ms);

    public sealed record View(IReadOnlyList<OneDay> Days, IReadOnlyList<Volume> Volumes, IReadOnlyList<Delay> Delays, IReadOnlyList<Answering> Answers);

    private sealed record DayRow(DateOnly Day, string Gateway, long Started, long Captured, long Failed, long Open);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/payments/health", async (int? days, Database database, CancellationToken stop) => TypedResults.Ok(await Run(database, days ?? 14, stop)))
        .WithName(nameof(ReadPaymentHealth)).Requires(MoneyPermissions.ReconciliationView).Produces<View>();

    public static async Task<View> Run(Database database, int days, CancellationToken stop)
    {
        var since = new DateTimeOffset(database.Clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(1 - Math.Clamp(days, 1, MaxDays));
        var rows = await database.List<DayRow>(DaysSql, new { since }, stop);
        var volumes = await MoneyFigures.CapturedByGateway(database, since, stop);
        return new View([.. rows.Select(r => new OneDay(r.Day, r.Gateway, r.Started, r.Captured, r.Failed, r.Open, r.Captured + r.Failed == 0 ? null : (int)(r.Captured * 100 / (r.Captured + r.Failed))))],
            [.. volumes.Select(v => new Volume(v.Day, v.Gateway, new Amount(v.Minor, v.Currency)))], await database.List<Delay>(DelaysSql, new { since }, stop),
            await database.List<Answering>(AnswersSql, new { since }, stop));
    }

    private const string DaysSql = """
        select (created_at at time zone 'UTC')::date as day, gateway, count(*) as started, count(*) filter (where state = 'captured') as captured,
            count(*) filter (where state in ('failed', 'expired', 'cancelled')) as failed, count(*) filter (where state not in ('captured', 'failed', 'expired', 'cancelled')) as open
        from money.payments where created_at >= @since group by 1, 2 order by 1, 2 limit 5000
        """;

    private const string AnswersSql = """
        with step as (
            select (c.hour at time zone 'UTC')::date as day, c.gateway, c.up_to_ms, sum(c.calls)::bigint as calls, coalesce(sum(c.calls) filter (where not c.answered), 0)::bigint as no_answer
            from money.gateway_calls c where c.hour >= @since group by 1, 2, 3),
        running as (
            select s.day, s.gateway, s.up_to_ms, s.calls, s.no_answer, sum(s.calls) over (partition by s.day, s.gateway order by s.up_to_ms) as so_far,
                sum(s.calls) over (partition by s.day, s.gateway) as in_all
            from step s)
        select r.day, r.gateway, sum(r.calls)::bigint as calls, sum(r.no_answer)::bigint as no_answer, min(r.up_to_ms) filter (where r.so_far * 2 >= r.in_all)::bigint as median_ms,
            min(r.up_to_ms) filter (where r.so_far * 100 >= r.in_all * 95)::bigint as p95_ms, min(r.up_to_ms) filter (where r.so_far * 100 >= r.in_all * 99)::bigint as p99_ms
        from running r group by r.day, r.gateway order by r.day, r.gateway limit 5000
        """;

    // One day's newest 20,000 of each are enough for a median, and bound what a page may cost.
    private const string DelaysSql = """
        with delay as (
            (select (p.captured_at at time zone 'UTC')::date as day, p.gateway, 'started_to_captured' as what, extract(epoch from p.captured_at - p.created_at)::bigint as seconds
                from money.payments p where p.created_at >= @since and p.captured_at is not null order by p.created_at desc limit 20000)
            union all
            (select (p.captured_at at time zone 'UTC')::date, p.gateway, 'captured_there_to_here', greatest(0, extract(epoch from p.captured_at - l.at))::bigint
                from money.payments p cross join lateral (select r.at from money.report_lines r where r.subject_id = p.id and r.subject_kind = 'payment' limit 1) l
                where p.created_at >= @since and p.captured_at is not null order by p.created_at desc limit 20000)
            union all
            (select (w.received_at at time zone 'UTC')::date, w.gateway, 'message_to_settled', extract(epoch from w.done_at - w.received_at)::bigint
                from money.webhooks w where w.received_at >= @since and w.state = 'done' order by w.id desc limit 20000))
        select d.day, d.gateway, d.what, count(*) as count, percentile_disc(0.5) within group (order by d.seconds) as median_seconds, percentile_disc(0.95) within group (order by d.seconds) as p95_seconds
        from delay d group by d.day, d.gateway, d.what order by d.day, d.gateway, d.what limit 5000
        """;
}
