using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Availability;

/// <summary>Hours on the wall clock of the provider's zone.</summary>
/// <param name="Weekday">Monday is 1, Sunday 7.</param>
/// <param name="From">Such as <c>09:00</c>.</param>
/// <param name="Until">Such as <c>17:00</c>; <c>24:00</c> ends the day.</param>
public sealed record HoursLine(int Weekday, string From, string Until);

/// <summary>An exception of one date. Closed when it has no hours.</summary>
public sealed record ExceptionView(ExceptionId Id, DateOnly Date, string? From, string? Until, string Note);

/// <summary>The caller's own opening hours, as provider.</summary>
public static class ReadHours
{
    public sealed record View(string Zone, IReadOnlyList<HoursLine> Weekly, IReadOnlyList<ExceptionView> Exceptions);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/providers/me/hours", async (Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, stop)).ToHttp())
        .WithName(nameof(ReadHours)).RequiresSignIn().Produces<View>();

    public static async Task<Result<View>> Run(Database database, Caller caller, CancellationToken stop)
    {
        if (await ProviderRows.OfCaller(database, caller, stop) is not { } provider) return MarketplaceRefusals.NotAProvider;
        var today = DateOnly.FromDateTime(database.Clock.GetUtcNow().UtcDateTime);
        var weekly = await database.List<WeeklyHours>(FreeSlots.SelectWeekly, new { provider = provider.Id }, stop);
        var exceptions = await database.List<HourException>(FreeSlots.SelectExceptions, new { provider = provider.Id, first = today.AddDays(-1), last = today.AddDays(800) }, stop);
        return new View(provider.Zone, [.. weekly.Select(w => Line(w.Weekday, new Window(w.FromMinute, w.UntilMinute)))], [.. exceptions.Select(Show)]);
    }

    internal static ExceptionView Show(HourException e) => e.FromMinute is { } from
        ? new ExceptionView(e.Id, e.Date, new Window(from, e.UntilMinute!.Value).From, new Window(from, e.UntilMinute!.Value).Until, e.Note)
        : new ExceptionView(e.Id, e.Date, null, null, e.Note);

    internal static HoursLine Line(int weekday, Window window) => new(weekday, window.From, window.Until);
}
