using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Calendars;

/// <summary>The caller's calendars elsewhere, as provider, and how each does.</summary>
public static class ListCalendars
{
    /// <param name="Withheld">Nothing of the provider is offered, since a copy is missing or too old.</param>
    public sealed record View(IReadOnlyList<ExternalCalendarView> Items, bool Withheld);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/providers/me/calendars", async (Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, stop)).ToHttp())
        .WithName(nameof(ListCalendars)).RequiresSignIn().Produces<View>();

    public static async Task<Result<View>> Run(Database database, Caller caller, CancellationToken stop)
    {
        if (await ProviderRows.OfCaller(database, caller, stop) is not { } provider) return MarketplaceRefusals.NotAProvider;
        var ageLimit = TimeSpan.FromHours(await database.Setting(MarketplaceSettings.CalendarAgeHours, stop));
        var items = (await ExternalCalendars.Of(database, provider.Id, stop)).Select(c => c.ToView(database.Clock.GetUtcNow(), ageLimit)).ToArray();
        return new View(items, items.Any(c => c.Withholds));
    }
}
