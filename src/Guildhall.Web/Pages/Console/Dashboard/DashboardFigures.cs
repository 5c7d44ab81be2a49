using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Operations.Dashboards;
using Guildhall.Web.Components.Charts;

namespace Guildhall.Web.Pages.Console.Dashboard;

/// <summary>The figures of the first page of the staff, read at once.</summary>
/// <param name="Sales">Null for who may not see payments.</param>
internal sealed record DashboardFigures(IReadOnlyList<Amount> Escrow, long Today, long PaidToday, long EndedToday, IReadOnlyList<long> Started, MoneyFigures.Waiting Waiting,
    long NotBooked, IReadOnlyList<PaymentId> FailedRefunds, long Unknown, JobQueries.Counts Jobs, IReadOnlyList<string> Labels, IReadOnlyList<Series> ByState, IReadOnlyList<DashboardCharts.CurrencyDays>? Sales)
{
    private const int Days = 14;

    public static async Task<DashboardFigures> Read(Database database, Caller caller, string language, CancellationToken stop)
    {
        var days = DashboardCharts.LastDays(database, Days);
        var since = new DateTimeOffset(days[0], TimeOnly.MinValue, TimeSpan.Zero);
        var sales = caller.May(MoneyPermissions.PaymentView) ? DashboardCharts.MoneyByDay(database, days, stop) : null;
        var (states, escrow) = (MoneyFigures.PaymentsByDay(database, since, stop), MoneyFigures.InEscrow(database, stop));
        var (waiting, notBooked, failed, unknown, jobs) =
            (MoneyFigures.WithdrawalsWaiting(database, stop), MoneyFigures.NotBooked(database, stop), MoneyFigures.FailedRefunds(database, stop), MoneyFigures.Unknown(database, stop), JobQueries.Count(database, stop));
        await Task.WhenAll(states, escrow, waiting, notBooked, failed, unknown, jobs);

        var counts = (await states).ToLookup(s => s.Day);
        long Count(DateOnly day, params ReadOnlySpan<string> named)
        {
            var sum = 0L;
            foreach (var row in counts[day]) if (named.Contains(row.State)) sum += row.Count;
            return sum;
        }
        var today = days[^1];
        return new(await escrow, counts[today].Sum(s => s.Count), Count(today, "captured"), Count(today, "captured", "failed", "expired", "cancelled"),
            [.. days.Select(day => counts[day].Sum(s => s.Count))], await waiting, await notBooked, await failed, await unknown, await jobs, Named(days, language),
            [
                new(language == "ar" ? "مدفوعة" : "Paid", [.. days.Select(day => Count(day, "captured"))], 1),
                new(language == "ar" ? "جارية" : "Under way", [.. days.Select(day => Count(day, "created", "requires_action", "authorized", "capturing", "unknown"))], 3),
                new(language == "ar" ? "مرفوضة" : "Refused", [.. days.Select(day => Count(day, "failed"))], 5),
                new(language == "ar" ? "لم تكتمل" : "Given up", [.. days.Select(day => Count(day, "cancelled", "expired"))], 4),
            ],
            sales is null ? null : await sales);
    }

    /// <summary>Days as they stand under a chart.</summary>
    public static IReadOnlyList<string> Named(IReadOnlyList<DateOnly> days, string language)
    {
        var culture = CultureInfo.GetCultureInfo(language == "ar" ? "ar-KW" : "en-GB");
        return [.. days.Select(day => day.ToString("d MMM", culture))];
    }

    /// <summary>The currency asked for, else the one with payments on most days; null when nothing was sold.</summary>
    public static DashboardCharts.CurrencyDays? Chosen(IReadOnlyList<DashboardCharts.CurrencyDays> sales, string? currency) =>
        sales.FirstOrDefault(s => string.Equals(s.Currency.Code, currency, StringComparison.Ordinal)) ?? sales.MaxBy(s => s.Days.Count(d => !d.Captured.IsZero));
}
