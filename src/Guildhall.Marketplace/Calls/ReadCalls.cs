using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Calls;

/// <summary>The calls of a booking for its two sides: whether one can be made now, the one under way, how long both were there so far.</summary>
public static class ReadCalls
{
    private const int Most = 50;

    /// <param name="MayCall">Paid, and its time is near.</param>
    /// <param name="Calls">Newest first, at most 50.</param>
    /// <param name="SecondsTogether">Both were there for so long, over all calls.</param>
    /// <param name="LastSeq">From where to follow the topic <c>call:</c>: nothing before it concerns a call under way.</param>
    public sealed record View(bool MayCall, DateTimeOffset From, DateTimeOffset Until, CallView? Live, IReadOnlyList<CallView> Calls, long SecondsTogether, long LastSeq);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id}/calls", async (BookingId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadCalls)).RequiresSignIn().Produces<View>();

    public static async Task<Result<View>> Run(Database database, Caller caller, BookingId id, CancellationToken stop)
    {
        if (await BookingRows.Find(database, id, stop) is not { } booking || booking.RoleOf(caller) is not (BookingRole.Customer or BookingRole.Provider)) return MarketplaceRefusals.BookingNotFound;
        var calls = await database.List<CallView>(CallRows.Select + " where k.booking_id = @id order by k.id desc limit @most", new { id, most = Most }, stop);
        var live = calls.FirstOrDefault(call => call.IsLive());
        var (from, until) = CallRoom.Window(booking);
        var now = database.Clock.GetUtcNow();
        var seq = await database.List<long>(SeqSql, new { id, live = live?.Id }, stop);
        return new View(booking.State == BookingState.Confirmed && now >= from && now < until, from, until, live, calls, await CallMinutes.SecondsTogether(database, booking, stop), seq[0]);
    }

    /// <summary>What happened in the calls of a booking, for whoever decides who came.</summary>
    internal static Task<IReadOnlyList<CallEvent>> Events(Database database, BookingId booking, CancellationToken stop) =>
        database.List<CallEvent>("select seq, call_id, kind, person_id, at from marketplace.call_events where booking_id = @booking order by seq limit 200", new { booking }, stop);

    private const string SeqSql = """
        select coalesce((select min(e.seq) - 1 from marketplace.call_events e where e.booking_id = @id and e.call_id = @live), (select r.last_seq from marketplace.call_rooms r where r.booking_id = @id), 0)
        """;
}
