using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Guildhall.Money.Ledger.Periods;

/// <summary>Closes a month (UTC) that is over, in order, for ever. From then on the database counts whatever is effective inside it in the open
/// period and keeps its effective date. The balances at its end are frozen by a job after the commit.</summary>
public static class ClosePeriod
{
    /// <param name="Why">Who checked what; 1 to 500 characters.</param>
    public sealed record Body(string Why);

    public sealed record Closed(string Period, DateTimeOffset ClosedAt);

    internal static void Map(IEndpointRouteBuilder ledger) => ledger
        .MapPost("/periods/{period}/actions/close", async (string period, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, period, body.Why, stop)).ToHttp())
        .WithName(nameof(ClosePeriod)).Requires(MoneyPermissions.LedgerClose).Idempotent().Produces<Closed>();

    public static Task<Result<Closed>> Run(Database database, Caller caller, string period, string why, CancellationToken stop) => database.InTransaction<Result<Closed>>(async tx =>
    {
        if (!Period.TryParse(period, out var month)) return MoneyRefusals.PeriodUnknown;
        if (why?.Trim() is not { Length: >= 1 and <= 500 } reason) return MoneyRefusals.ReasonMissing;
        if (month.Until > tx.Now) return MoneyRefusals.PeriodNotOver;
        var last = await tx.Find<DateTimeOffset?>("select max(until) from money.closings");
        if (last is { } until && month.Until <= until) return MoneyRefusals.PeriodClosed;
        if (last is { } end && month.From != end) return MoneyRefusals.PeriodOutOfOrder.With(("next", Period.Of(end).ToString()));

        var closed = await tx.Attempt(() => tx.Change(Close, new { until = month.Until, by = caller.AccountId, now = tx.Now, reason }),
            PostgresErrorCodes.LockNotAvailable, "books_forward");
        if (!closed) return MoneyRefusals.BooksBusy;
        await tx.Audit(caller, "period.closed", "period", month.ToString(), after: new { until = month.Until }, why: reason);
        await tx.Enqueue(new FreezePeriod(month.Until), uniqueKey: month.ToString());
        return new Closed(month.ToString(), tx.Now);
    }, stop);

    private const string Close = "select money.close_period(@until, @by, @now, @reason)";
}

/// <summary>Adds up the balances at the end of a closed period.</summary>
internal sealed record FreezePeriod(DateTimeOffset Until) : IJob
{
    public static string Kind => "freeze_period";

    public static async Task Run(Transaction tx, FreezePeriod job)
    {
        await tx.Change("set local statement_timeout = '10min'");
        await tx.Change("select money.freeze_period(@until, @now)", new { until = job.Until, now = tx.Now });
    }
}
