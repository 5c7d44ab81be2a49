using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Marketplace.Calls;

/// <summary>Topic <c>call:bkg_…</c>: what happens in the calls of a booking, and what its two browsers tell each other to connect.</summary>
internal static class CallTopic
{
    public static StreamTopic Topic { get; } = new("call", MayFollow, Fetch);

    public static string Of(BookingId booking) => $"{Topic.Name}:{booking}";

    /// <summary>One event. <c>Kind</c> is that of a <see cref="CallEventKind"/>, or <c>offer</c>, <c>answer</c> or <c>candidate</c>, which have a body.</summary>
    public sealed record Told(CallId CallId, string Kind, Guid? PersonId, string? Body, DateTimeOffset At);

    private sealed record Row(long Seq, CallId CallId, string Kind, Guid? PersonId, string? Body, DateTimeOffset At);

    private static async Task<bool> MayFollow(Database database, Caller caller, string argument, CancellationToken stop) =>
        caller.ImpersonatedBy is null && Id.TryParse<BookingId>(argument, out var id) && await BookingRows.Find(database, id, stop) is { State: BookingState.Confirmed } booking
            && booking.RoleOf(caller) is BookingRole.Customer or BookingRole.Provider;

    // Numbers are given out under the room's lock, so they become visible in rising order.
    private static async Task<IReadOnlyList<StreamEvent>> Fetch(Database database, string argument, long after, CancellationToken stop)
    {
        if (!Id.TryParse<BookingId>(argument, out var booking)) return [];
        var rows = await database.List<Row>(Select, new { booking, after, limit = StreamTopic.MaxBatch }, stop);
        return [.. rows.Select(r => new StreamEvent(r.Seq, "call", new Told(r.CallId, r.Kind, r.PersonId, r.Body, r.At)))];
    }

    private const string Select = """
        select e.seq, e.call_id, e.kind, e.person_id, null as body, e.at from marketplace.call_events e where e.booking_id = @booking and e.seq > @after
        union all
        select s.seq, s.call_id, s.kind, s.from_id, s.body, s.at from marketplace.call_signals s where s.booking_id = @booking and s.seq > @after
        order by 1 limit @limit
        """;
}
