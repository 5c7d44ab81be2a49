using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Availability;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Guildhall.Marketplace.Catalog;

/// <summary>In which order services are shown. <c>FirstFree</c>: by their first free time. <c>Rating</c>: by the published stars of their provider, the best first, as if everybody had five
/// more reviews of 3.5 stars: few good ones do not win against many.</summary>
public enum ServiceOrder { Newest, Price, Distance, FirstFree, Rating }

/// <summary>Services by words, category, price, distance and free time, 24 at a time. What is free is worked out now and not stored, of at most 3,000 services that fit: a
/// search for free time among more has to be narrowed by something else.</summary>
public static class SearchServices
{
    internal const int PageSize = 24;
    private const int MostCandidates = 3000, MostDays = 62, MostKilometres = 500;

    /// <param name="Currency">Prices are compared in one currency: needed for a range of prices and the order by price.</param>
    /// <param name="From">With <paramref name="Until"/>: only what has a free time in these days, counted in <paramref name="Zone"/>; at most 62.</param>
    /// <param name="Lat">With <paramref name="Lon"/>: the point that distances are from, in degrees.</param>
    /// <param name="Km">At most so far away, 1 to 500.</param>
    /// <param name="After">The <c>next</c> of the page before.</param>
    public sealed record Query(string? Q = null, string? Kind = null, string? Category = null, string? Currency = null, long? MinMinor = null, long? MaxMinor = null, DateOnly? From = null,
        DateOnly? Until = null, string? Zone = null, double? Lat = null, double? Lon = null, int? Km = null, string? Sort = null, string? After = null);

    /// <param name="FirstFree">The first free time in the days asked for; null when it was not asked for.</param>
    /// <param name="Metres">From the point asked for, to 500 metres; null without one or when the provider has said no place.</param>
    public sealed record Found(ServiceView Service, DateTimeOffset? FirstFree, int? Metres);

    /// <param name="Next">Give it as <c>after</c> for the next page; null on the last one.</param>
    public sealed record Page(IReadOnlyList<Found> Items, string? Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/services/search", async (Database database, CancellationToken stop, string? q = null, string? kind = null, string? category = null, string? currency = null, long? minMinor = null,
            long? maxMinor = null, DateOnly? from = null, DateOnly? until = null, string? zone = null, double? lat = null, double? lon = null, int? km = null, string? sort = null, string? after = null) =>
            (await Run(database, new Query(q, kind, category, currency, minMinor, maxMinor, from, until, zone, lat, lon, km, sort, after), stop)).ToHttp())
        .WithName(nameof(SearchServices)).ForAnyone().Produces<Page>();

    public static async Task<Result<Page>> Run(Database database, Query query, CancellationToken stop)
    {
        if (!SearchPlan.Read(database, query).Is(out var plan, out var refusal)) return refusal;
        var rows = await database.List<SearchRow>(SearchSql.Select, plan.Args(plan.WantsFree ? MostCandidates : PageSize + 1), stop);
        if (!plan.WantsFree) return await Pages(database, plan, [.. rows.Select(row => new Ranked(row, null))], stop);

        var free = await FirstFreeTimes.Of(database, rows, plan.From, plan.Until, stop);
        var ranked = rows.Where(row => free.ContainsKey(row.Id)).Select(row => new Ranked(row, free[row.Id]));
        if (plan.Order == ServiceOrder.FirstFree)
            ranked = ranked.OrderBy(r => r.Free!.Value).ThenBy(r => r.Row.Id.Value, RowOrder.OfIds).SkipWhile(r => plan.IsBefore(r.Free!.Value.ToUnixTimeTicks(), r.Row.Id));
        return await Pages(database, plan, [.. ranked.Take(PageSize + 1)], stop);
    }

    internal sealed record Ranked(SearchRow Row, Instant? Free);

    private static async Task<Page> Pages(Database database, SearchPlan plan, IReadOnlyList<Ranked> ranked, CancellationToken stop)
    {
        var page = ranked.Take(PageSize).ToArray();
        var services = (await database.List<Service>(ServiceRows.Select + " where s.id = any (@ids) limit 100", new { ids = page.Select(r => r.Row.Id).ToArray() }, stop)).ToDictionary(s => s.Id);
        return new Page([.. page.Where(r => services.ContainsKey(r.Row.Id)).Select(r => new Found(services[r.Row.Id].ToView(), r.Free?.ToDateTimeOffset(), Rounded(r.Row.Metres)))],
            ranked.Count > PageSize ? plan.Next(page[^1]) : null);
    }

    // Where somebody lives is not to be found out from several distances.
    private static int? Rounded(int? metres) => metres is { } exact ? Math.Max(500, (exact + 250) / 500 * 500) : null;

    /// <summary>The currencies that something is sold in.</summary>
    public static Task<IReadOnlyList<string>> Currencies(Database database, CancellationToken stop) =>
        database.List<string>("select distinct currency from marketplace.services where active order by 1 limit 50", stop: stop);

    /// <summary>Beyond it there are no slots, and days cannot be counted on for ever.</summary>
    internal const int LastYear = 2100;

    internal static Result<int> Days(DateOnly from, DateOnly until) => until >= from && until.DayNumber - from.DayNumber < MostDays ? until.DayNumber - from.DayNumber + 1 : MarketplaceRefusals.SearchDaysOutOfRange;

    internal static bool IsPlace(double? lat, double? lon, int? km) =>
        lat is null == lon is null && lat is null or (>= -90 and <= 90) && lon is null or (>= -180 and <= 180) && km is null or (>= 1 and <= MostKilometres) && (km is null || lat is not null);
}
