using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Availability;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Providers;

/// <summary>A provider moves to another zone: weekly hours and exceptions count on its clock from now on. What was sold stays at its instant, at the time that was promised
/// on the old clock; the answer lists it with the time the new clock shows then. Calendars elsewhere are read again, since some of their times name no zone.</summary>
public static class SetZone
{
    public sealed record Body(string Zone);

    /// <param name="Promised">On the clock of the zone it was sold in; that stays.</param>
    /// <param name="Local">On the clock of the new zone, with its offset.</param>
    public sealed record Kept(BookingId Booking, string ServiceName, DateTimeOffset StartsAt, string Promised, string PromisedZone, string Local);

    /// <param name="Bookings">Those to come, the next first, at most 200.</param>
    public sealed record View(string Zone, IReadOnlyList<Kept> Bookings);

    private sealed record Row(BookingId Id, string ServiceName, DateTimeOffset StartsAt, string Zone);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/providers/me/zone", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body.Zone, stop)).ToHttp())
        .WithName(nameof(SetZone)).RequiresSignIn().ChecksSessionRow().Produces<View>();

    public static Task<Result<View>> Run(Database database, Caller caller, string name, CancellationToken stop) => database.InTransaction<Result<View>>(async tx =>
    {
        if (await ProviderRows.OfCaller(tx, caller) is not { } provider) return MarketplaceRefusals.NotAProvider;
        if (Zones.Find(name) is not { } zone) return MarketplaceRefusals.ZoneUnknown;
        var rows = await tx.List<Row>(ToCome, new { provider.Id, now = tx.Now });
        if (zone.Id != provider.Zone)
        {
            await tx.ChangeOne("update marketplace.providers set zone = @zone where id = @Id", new { provider.Id, zone = zone.Id });
            await tx.Change("update marketplace.external_calendars set next_at = @now where provider_id = @Id", new { provider.Id, now = tx.Now });
            await tx.Audit(caller, "provider.zone_changed", "provider", provider.Id.ToString(), before: new { provider.Zone }, after: new { zone = zone.Id, bookings = rows.Count });
        }
        return new View(zone.Id, [.. rows.Select(r => new Kept(r.Id, r.ServiceName, r.StartsAt, Zones.WallText(r.StartsAt, r.Zone), r.Zone, Zones.Text(NodaTime.Instant.FromDateTimeOffset(r.StartsAt).InZone(zone))))]);
    }, stop);

    private const string ToCome = """
        select id, service_name, starts_at, zone from marketplace.bookings
        where provider_id = @Id and state in ('held', 'confirmed') and starts_at > @now order by starts_at limit 200
        """;
}
