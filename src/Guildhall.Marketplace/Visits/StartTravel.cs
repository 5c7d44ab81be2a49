using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Visits;

/// <summary>The technician is on the way and says in how many minutes they arrive; the customer is told at once. Said again, it is a new estimate.</summary>
public static class StartTravel
{
    private const int MaxMinutes = 300, MostTold = 12;

    /// <param name="Minutes">1 to 300.</param>
    public sealed record Body(int Minutes);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id}/visit/actions/on-my-way", async (BookingId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(StartTravel)).RequiresSignIn().Idempotent().Produces<VisitView>();

    public static async Task<Result<VisitView>> Run(Database database, Caller caller, BookingId id, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction(tx => Start(tx, caller, id, body.Minutes), stop);
        return done.Refusal is { } refusal ? refusal : await ReadVisit.Run(database, caller, id, stop);
    }

    private static async Task<Result<Done>> Start(Transaction tx, Caller caller, BookingId id, int minutes)
    {
        if (!(await Acting.Lock(tx, caller, id)).Is(out var booking, out var refusal)) return refusal;
        if (await VisitRows.WasDone(tx, caller)) return default(Done);
        if (minutes is < 1 or > MaxMinutes) return MarketplaceRefusals.VisitMinutesInvalid;
        if ((await VisitRows.Get(tx, id)).ArrivedAt is not null) return MarketplaceRefusals.VisitOver.With(("state", booking.State));
        if (await tx.Get<long>("select count(*) from marketplace.visit_events where booking_id = @id and kind = 'on_my_way'", new { id }) >= MostTold) return MarketplaceRefusals.VisitToldOften;
        var arrival = tx.Now.AddMinutes(minutes);
        await tx.ChangeOne(MarkOnMyWay, new { id, booking.StartsAt, now = tx.Now, arrival });
        await VisitRows.Happened(tx, caller, id, VisitEventKind.OnMyWay, arrival);
        await tx.Audit(caller, "visit.on_my_way", "booking", id.ToString(), after: new { arrival });
        await Notify.Person(tx, booking.CustomerId, "visit_on_my_way", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["arrival"] = Say.When(arrival, (await Accounts.Summary(tx, booking.CustomerId)).Zone), ["link"] = $"/bookings/{id}",
        }, uniqueKey: $"{id}:{arrival.UtcTicks}");
        return default(Done);
    }

    private const string MarkOnMyWay = """
        update marketplace.visits set leaves_for = @StartsAt, on_my_way_at = @now, arrival_at = @arrival where booking_id = @id and arrived_at is null
        """;
}

/// <summary>Who acts on the day of the visit: its provider, on a paid booking, from two hours before the start.</summary>
internal static class Acting
{
    public static async Task<Result<Booking>> Lock(Transaction tx, Caller caller, BookingId id)
    {
        if (await BookingRows.Lock(tx, id) is not { } booking || booking.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        if (role != BookingRole.Provider) return MarketplaceRefusals.OnlyTheProvider;
        if (booking.Kind != ServiceKind.Visit) return MarketplaceRefusals.NotAVisit;
        if (booking.State != BookingState.Confirmed) return MarketplaceRefusals.BookingNotConfirmed.With(("state", booking.State));
        if (tx.Now < booking.StartsAt - VisitRows.Early) return MarketplaceRefusals.VisitTooEarly.With(("from", booking.StartsAt - VisitRows.Early));
        return booking;
    }
}
