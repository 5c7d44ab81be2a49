using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Visits.Travel;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Visits;

/// <summary>The customer says where to, when booking or later, until the technician has arrived. Kept sealed; the provider sees it once the money is captured, and is told of changes.</summary>
public static class SetVisitAddress
{
    private const int MinText = 5, MaxText = 300, MaxDoor = 300, TellAgainSeconds = 600;

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/bookings/{id}/visit/address", async (BookingId id, VisitAddress body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(SetVisitAddress)).RequiresSignIn().Produces<VisitView>();

    public static async Task<Result<VisitView>> Run(Database database, Caller caller, BookingId id, VisitAddress body, CancellationToken stop)
    {
        var address = body with { Text = (body.Text ?? "").Trim(), Door = string.IsNullOrWhiteSpace(body.Door) ? null : body.Door.Trim() };
        var done = await database.InTransaction(tx => Set(tx, caller, id, address), stop);
        return done.Refusal is { } refusal ? refusal : await ReadVisit.Run(database, caller, id, stop);
    }

    private static async Task<Result<Done>> Set(Transaction tx, Caller caller, BookingId id, VisitAddress address)
    {
        if (await BookingRows.Lock(tx, id) is not { } booking || booking.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        if (role != BookingRole.Customer) return MarketplaceRefusals.OnlyTheCustomer;
        if (booking.Kind != ServiceKind.Visit) return MarketplaceRefusals.NotAVisit;
        if (!IsWhole(address)) return MarketplaceRefusals.VisitAddressInvalid;
        if (booking.State is not (BookingState.Held or BookingState.Confirmed)) return MarketplaceRefusals.VisitOver.With(("state", booking.State));
        if ((await VisitRows.Get(tx, id)).ArrivedAt is not null) return MarketplaceRefusals.VisitOver.With(("state", booking.State));
        if (address is { Latitude: { } latitude, Longitude: { } longitude })
        {
            await Claims.Lock(tx, [booking.ProviderId.Value]);
            if (!await TravelGaps.Fit(tx, booking, booking.StartsAt, new MapPlace(latitude, longitude))) return MarketplaceRefusals.VisitTooFar;
        }
        await tx.ChangeOne("update marketplace.visits set address = @sealed_, address_at = @now where booking_id = @id and arrived_at is null",
            new { id, sealed_ = await PersonKeys.Seal(tx, booking.CustomerId, address), now = tx.Now });
        await tx.Audit(caller, "visit.address_set", "booking", id.ToString(), after: new { point = address.Latitude is not null });
        if (booking.State == BookingState.Confirmed) await Tell(tx, booking);
        return default(Done);
    }

    // Who types it in three goes is told once: what was told says nothing but to look.
    private static async Task Tell(Transaction tx, Booking booking) => await Notify.Person(tx, booking.ProviderAccountId, "visit_address_changed", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["service"] = booking.ServiceName, ["when"] = Say.When(booking.StartsAt, (await Accounts.Summary(tx, booking.ProviderAccountId)).Zone), ["link"] = $"/desk/bookings/{booking.Id}",
    }, uniqueKey: $"{booking.Id}:{tx.Now.ToUnixTimeSeconds() / TellAgainSeconds}");

    private static bool IsWhole(VisitAddress a) => a.Text.Length is >= MinText and <= MaxText && (a.Door?.Length ?? 0) <= MaxDoor && IsText(a.Text) && IsText(a.Door ?? "")
        && a.Latitude is null == a.Longitude is null && a.Latitude is null or (>= -90 and <= 90) && a.Longitude is null or (>= -180 and <= 180);

    private static bool IsText(string text) => !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r'));
}
