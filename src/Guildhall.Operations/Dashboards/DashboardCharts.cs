using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Messaging;
using Guildhall.Messaging.Delivery;
using Guildhall.Money;

namespace Guildhall.Operations.Dashboards;

/// <summary>What the charts of the staff are drawn from: the API and the console show the same figures. Each part is null for who lacks its permission.</summary>
public static class DashboardCharts
{
    /// <param name="Dates">Days (UTC), oldest first, today last; every list by day has one entry for each of them.</param>
    /// <param name="Money">Per currency, never summed over them. Needs <c>payment.view</c>, as <paramref name="Gateways"/>.</param>
    /// <param name="Gateways">How payments begun in these days ended.</param>
    /// <param name="Bookings">Needs <c>booking.view</c>.</param>
    /// <param name="Queue">Kinds of jobs of which one is due now, the longest wait first. Needs <c>job.replay</c>.</param>
    /// <param name="Notifications">Needs <c>delivery.view</c>.</param>
    public sealed record View(IReadOnlyList<DateOnly> Dates, IReadOnlyList<CurrencyDays>? Money, IReadOnlyList<MoneyFigures.GatewayEnds>? Gateways, IReadOnlyList<BookingFigures.DayCount>? Bookings,
        IReadOnlyList<QueueAge>? Queue, IReadOnlyList<DeliveryFigures.DayCount>? Notifications);

    public sealed record CurrencyDays(Currency Currency, IReadOnlyList<MoneyDay> Days);

    /// <param name="Captured">Charged on the day.</param>
    /// <param name="Fee">The platform's fee earned on the day, less what went back with refunds.</param>
    /// <param name="Escrow">Held at the end of the day; of today, now.</param>
    public sealed record MoneyDay(DateOnly Date, Amount Captured, Amount Fee, Amount Escrow);

    public sealed record QueueAge(string Kind, long Due, long OldestDueSeconds);

    /// <summary>The last days up to today.</summary>
    public static IReadOnlyList<DateOnly> LastDays(Database database, int count)
    {
        var today = DateOnly.FromDateTime(database.Clock.GetUtcNow().UtcDateTime);
        return [.. Enumerable.Range(0, count).Select(i => today.AddDays(i + 1 - count))];
    }

    public static async Task<View> Run(Database database, Caller caller, IReadOnlyList<DateOnly> dates, CancellationToken stop)
    {
        var since = Since(dates);
        var mayMoney = caller.May(MoneyPermissions.PaymentView);
        var money = mayMoney ? MoneyByDay(database, dates, stop) : null;
        var gateways = mayMoney ? MoneyFigures.EndsByGateway(database, since, stop) : null;
        var bookings = caller.May(MarketplacePermissions.BookingView) ? BookingFigures.ByDay(database, since, stop) : null;
        var lanes = caller.May(OperationsPermissions.JobReplay) ? JobQueries.Lanes(database, stop) : null;
        var messages = caller.May(MessagingPermissions.DeliveryView) ? DeliveryFigures.ByDay(database, since, stop) : null;
        await Task.WhenAll(new Task?[] { money, gateways, bookings, lanes, messages }.OfType<Task>());

        return new View(dates, money is null ? null : await money, gateways is null ? null : await gateways,
            bookings is null ? null : Every(dates, await bookings, b => b.Day, day => new BookingFigures.DayCount(day, 0, 0)),
            lanes is null ? null : Ages(await lanes, database.Clock.GetUtcNow()),
            messages is null ? null : Every(dates, await messages, m => m.Day, day => new DeliveryFigures.DayCount(day, 0, 0, 0, 0)));
    }

    /// <summary>Charged, fee and escrow by day for each currency that has any. Escrow is known now; going back a day takes away what that day brought.</summary>
    public static async Task<IReadOnlyList<CurrencyDays>> MoneyByDay(Database database, IReadOnlyList<DateOnly> dates, CancellationToken stop)
    {
        var since = Since(dates);
        var (escrow, captured, fees, moves) = (MoneyFigures.InEscrow(database, stop), MoneyFigures.CapturedByDay(database, since, stop),
            MoneyFigures.FeesByDay(database, since, stop), MoneyFigures.EscrowMovesByDay(database, since, stop));
        await Task.WhenAll(escrow, captured, fees, moves);

        var (paidOf, feeOf, movedOf) = (ByDay(await captured), ByDay(await fees), ByDay(await moves));
        var currencies = (await escrow).Concat(((IEnumerable<MoneyFigures.DayAmount>)[.. await captured, .. await fees]).Select(d => d.Amount)).Select(a => a.Currency).Distinct().OrderBy(c => c.Code, StringComparer.Ordinal);
        var held = (await escrow).ToDictionary(a => a.Currency, a => a.Minor);
        return [.. currencies.Select(currency =>
        {
            var days = new MoneyDay[dates.Count];
            var left = held.GetValueOrDefault(currency);
            for (var i = dates.Count - 1; i >= 0; i--)
            {
                var key = (dates[i], currency);
                days[i] = new MoneyDay(dates[i], new(paidOf.GetValueOrDefault(key), currency), new(feeOf.GetValueOrDefault(key), currency), new(Math.Max(0, left), currency));
                left -= movedOf.GetValueOrDefault(key);
            }
            return new CurrencyDays(currency, days);
        })];
    }

    private static DateTimeOffset Since(IReadOnlyList<DateOnly> dates) => new(dates[0], TimeOnly.MinValue, TimeSpan.Zero);

    private static Dictionary<(DateOnly, Currency), long> ByDay(IReadOnlyList<MoneyFigures.DayAmount> amounts) => amounts.ToDictionary(a => (a.Day, a.Amount.Currency), a => a.Amount.Minor);

    private static IReadOnlyList<T> Every<T>(IReadOnlyList<DateOnly> dates, IReadOnlyList<T> known, Func<T, DateOnly> dayOf, Func<DateOnly, T> none)
    {
        var byDay = known.ToDictionary(dayOf);
        return [.. dates.Select(day => byDay.TryGetValue(day, out var found) ? found : none(day))];
    }

    private static IReadOnlyList<QueueAge> Ages(IReadOnlyList<JobQueries.Lane> lanes, DateTimeOffset now) =>
        [.. lanes.Where(l => l.OldestDue is not null).Select(l => new QueueAge(l.Kind, l.Due, Math.Max(0, (long)(now - l.OldestDue!.Value).TotalSeconds)))
            .OrderByDescending(l => l.OldestDueSeconds).ThenBy(l => l.Kind, StringComparer.Ordinal).Take(20)];
}
