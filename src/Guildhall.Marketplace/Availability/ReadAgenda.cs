using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Guildhall.Marketplace.Availability;

/// <summary>One day of the caller as provider, in the provider's zone: what is booked and what is held.</summary>
public static class ReadAgenda
{
    public sealed record View(DateOnly Date, string Zone, IReadOnlyList<BookingView> Bookings);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/providers/me/agenda", async (Caller caller, Database database, CancellationToken stop, string? date = null) => (await Run(database, caller, date, stop)).ToHttp())
        .WithName(nameof(ReadAgenda)).RequiresSignIn().Produces<View>();

    /// <param name="date">Such as <c>2026-11-21</c>; today when null.</param>
    public static async Task<Result<View>> Run(Database database, Caller caller, string? date, CancellationToken stop) =>
        (await OfDay(database, caller, date, stop)).Is(out var day, out var refusal) ? new View(day.Date, day.Zone, await BookingViews.Show(database, caller, day.Rows, stop)) : refusal;

    internal sealed record Day(DateOnly Date, string Zone, IReadOnlyList<Booking> Rows);

    internal static async Task<Result<Day>> OfDay(Database database, Caller caller, string? date, CancellationToken stop)
    {
        if (await ProviderRows.OfCaller(database, caller, stop) is not { } provider) return MarketplaceRefusals.NotAProvider;
        var (zone, now) = (Zones.Get(provider.Zone), database.Clock.GetUtcNow());
        var day = Instant.FromDateTimeOffset(now).InZone(zone).Date.ToDateOnly();
        if (!string.IsNullOrEmpty(date) && !DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)) return MarketplaceRefusals.DaysOutOfRange;
        if (day.Year is < 2000 or > 2100) return MarketplaceRefusals.DaysOutOfRange;

        var local = LocalDate.FromDateOnly(day);
        var rows = await database.List<Booking>(OfDaySql, new
        {
            provider = provider.Id, now, from = zone.AtStartOfDay(local).ToDateTimeOffset(), until = zone.AtStartOfDay(local.PlusDays(1)).ToDateTimeOffset(),
        }, stop);
        return new Day(day, zone.Id, rows);
    }

    private const string OfDaySql = BookingRows.Select + """
         where b.provider_id = @provider and b.starts_at >= @from and b.starts_at < @until
            and (b.state in ('confirmed', 'completed') or b.state = 'held' and b.hold_until > @now)
        order by b.starts_at limit 200
        """;
}
