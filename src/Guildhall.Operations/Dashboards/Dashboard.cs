using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Operations.Integrations;
using Guildhall.Operations.JobsAdmin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Dashboards;

/// <summary>What staff look at first, each figure from the rows that decide.</summary>
public static class Dashboard
{
    private const int MaxDays = 90, DefaultDays = 30;

    /// <param name="Days">Payments by state for each day (UTC), oldest first, days without any included.</param>
    /// <param name="NeedsAPerson">Payments that a person has to look at.</param>
    /// <param name="Charts">The same days by other measures; parts that the reader may not see are null.</param>
    public sealed record View(IReadOnlyList<Day> Days, IReadOnlyList<Amount> Escrow, MoneyFigures.Waiting Withdrawals, long NeedsAPerson, JobQueries.Counts Jobs,
        long OldestDueSeconds, IReadOnlyList<Integration> Integrations, DashboardCharts.View Charts);

    public sealed record Day(DateOnly Date, IReadOnlyDictionary<string, long> Payments);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/dashboard", async (Caller caller, Database database, IntegrationStatus integrations, CancellationToken stop, int days = DefaultDays) =>
            TypedResults.Json(await Run(database, integrations, caller, days, stop), JsonRules.Options))
        .Produces<View>().WithName(nameof(Dashboard)).Requires(OperationsPermissions.DashboardView);

    public static async Task<View> Run(Database database, IntegrationStatus integrations, Caller caller, int days, CancellationToken stop)
    {
        var dates = DashboardCharts.LastDays(database, Math.Clamp(days, 1, MaxDays));
        var payments = await MoneyFigures.PaymentsByDay(database, new DateTimeOffset(dates[0], TimeOnly.MinValue, TimeSpan.Zero), stop);
        var byDay = payments.ToLookup(p => p.Day);
        var shown = dates.Select(day => new Day(day, byDay[day].ToDictionary(p => p.State, p => p.Count, StringComparer.Ordinal)));
        var jobs = await JobQueries.Count(database, stop);
        return new View([.. shown], await MoneyFigures.InEscrow(database, stop), await MoneyFigures.WithdrawalsWaiting(database, stop), await MoneyFigures.NeedsAPerson(database, stop),
            jobs, ListJobs.Age(database, jobs), await integrations.Read(stop), await DashboardCharts.Run(database, caller, dates, stop));
    }
}
