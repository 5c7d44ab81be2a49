using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Money;
using Guildhall.Web.Components.Charts;

namespace Guildhall.Web.Pages.Console.Dashboard;

/// <summary>The figures of the first page of the staff, read at once.</summary>
internal sealed record DashboardFigures(IReadOnlyList<Amount> Escrow, long Today, long PaidToday, long EndedToday, IReadOnlyList<long> Started, MoneyFigures.Waiting Waiting,
    long NotBooked, IReadOnlyList<PaymentId> FailedRefunds, long Unknown, JobQueries.Counts Jobs, IReadOnlyList<string> Labels,
    IReadOnlyList<Series> ByState, IReadOnlyList<Currency> Currencies, Currency? Shown, IReadOnlyList<Series> Flow)
{
    public const int Days = 14;

    public static async Task<DashboardFigures> Read(Database database, DateTimeOffset now, string? currency, string language, CancellationToken stop)
    {
        var first = now.UtcDateTime.Date.AddDays(1 - Days);
        var since = new DateTimeOffset(first, TimeSpan.Zero);
        var days = Enumerable.Range(0, Days).Select(i => DateOnly.FromDateTime(first).AddDays(i)).ToArray();
        var (states, escrow, captured, moves) = (MoneyFigures.PaymentsByDay(database, since, stop), MoneyFigures.InEscrow(database, stop),
            MoneyFigures.CapturedByDay(database, since, stop), MoneyFigures.EscrowMovesByDay(database, since, stop));
        var (waiting, notBooked, failed, unknown, jobs) =
            (MoneyFigures.WithdrawalsWaiting(database, stop), MoneyFigures.NotBooked(database, stop), MoneyFigures.FailedRefunds(database, stop), MoneyFigures.Unknown(database, stop), JobQueries.Count(database, stop));
        await Task.WhenAll(states, escrow, captured, moves, waiting, notBooked, failed, unknown, jobs);

        var counts = (await states).ToLookup(s => s.Day);
        long Count(DateOnly day, params ReadOnlySpan<string> named)
        {
            var sum = 0L;
            foreach (var row in counts[day]) if (named.Contains(row.State)) sum += row.Count;
            return sum;
        }
        var today = days[^1];
        Currency[] currencies = [.. (await escrow).Concat((await captured).Select(c => c.Amount)).Select(a => a.Currency).Distinct().OrderBy(c => c.Code, StringComparer.Ordinal)];
        var usual = (await captured).GroupBy(c => c.Amount.Currency).OrderByDescending(g => g.Count()).Select(g => g.Key).FirstOrDefault(currencies.FirstOrDefault());
        Currency? shown = currencies.Length == 0 ? null : currencies.FirstOrDefault(c => string.Equals(c.Code, currency, StringComparison.Ordinal), usual);
        var culture = CultureInfo.GetCultureInfo(language == "ar" ? "ar-KW" : "en-GB");
        return new(await escrow, counts[today].Sum(s => s.Count), Count(today, "captured"), Count(today, "captured", "failed", "expired", "cancelled"),
            [.. days.Select(day => counts[day].Sum(s => s.Count))], await waiting, await notBooked, await failed, await unknown, await jobs,
            [.. days.Select(day => day.ToString("d MMM", culture))],
            [
                new(language == "ar" ? "مدفوعة" : "Paid", [.. days.Select(day => Count(day, "captured"))], 1),
                new(language == "ar" ? "جارية" : "Under way", [.. days.Select(day => Count(day, "created", "requires_action", "authorized", "capturing", "unknown"))], 3),
                new(language == "ar" ? "مرفوضة" : "Refused", [.. days.Select(day => Count(day, "failed"))], 5),
                new(language == "ar" ? "لم تكتمل" : "Given up", [.. days.Select(day => Count(day, "cancelled", "expired"))], 4),
            ],
            currencies, shown, shown is { } money ? Flows(days, money, await escrow, await captured, await moves, language) : []);
    }

    // Escrow is known now; going back a day takes away what that day brought.
    private static IReadOnlyList<Series> Flows(DateOnly[] days, Currency currency, IReadOnlyList<Amount> escrow, IReadOnlyList<MoneyFigures.DayAmount> captured,
        IReadOnlyList<MoneyFigures.DayAmount> moves, string language)
    {
        var held = new long[days.Length];
        held[^1] = escrow.Where(a => a.Currency == currency).Sum(a => a.Minor);
        for (var i = days.Length - 2; i >= 0; i--) held[i] = Math.Max(0, held[i + 1] - Of(moves, days[i + 1], currency));
        return
        [
            new(language == "ar" ? "في الضمان نهاية اليوم" : "In escrow at the end of the day", held, 1),
            new(language == "ar" ? "دُفع في اليوم" : "Paid on the day", [.. days.Select(day => Of(captured, day, currency))], 3),
        ];
    }

    private static long Of(IReadOnlyList<MoneyFigures.DayAmount> amounts, DateOnly day, Currency currency) =>
        amounts.Where(a => a.Day == day && a.Amount.Currency == currency).Sum(a => a.Amount.Minor);
}
