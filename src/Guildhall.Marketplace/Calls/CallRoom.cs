using Guildhall.Foundation.Data;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Calls;

/// <summary>The calls of one booking. Everything that happens in them happens with the room's row locked, after every other lock; times are the server's. Whoever is not heard of for
/// <see cref="Silence"/> has left at their last sign of life, whichever node or browser died.</summary>
internal static class CallRoom
{
    public static readonly TimeSpan Rings = TimeSpan.FromSeconds(45), Silence = TimeSpan.FromSeconds(15), Empty = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(10), Late = TimeSpan.FromMinutes(30);

    /// <summary>When the two sides can call each other: from ten minutes before the start until half an hour after the end.</summary>
    public static (DateTimeOffset From, DateTimeOffset Until) Window(Bookings.Booking booking) => (booking.StartsAt - Early, booking.EndsAt + Late);

    /// <summary>Locks the room, makes it where there is none, and brings what time has changed up to date.</summary>
    public static async Task Enter(Transaction tx, BookingId booking)
    {
        await tx.Change("insert into marketplace.call_rooms (booking_id) values (@booking) on conflict do nothing", new { booking });
        await tx.Get<BookingId>("select r.booking_id from marketplace.call_rooms r where r.booking_id = @booking for update of r", new { booking });
        await Tidy(tx, booking);
    }

    /// <summary>Adds a line, for evidence and for everybody who follows the room.</summary>
    public static async Task Note(Transaction tx, CallView call, CallEventKind kind, Guid? person, DateTimeOffset at)
    {
        await tx.ChangeOne(InsertEvent, new { call.BookingId, seq = await NextSeq(tx, call.BookingId), call.Id, kind, person, at });
        tx.Hint(CallTopic.Of(call.BookingId));
    }

    public static Task<long> NextSeq(Transaction tx, BookingId booking) =>
        tx.Get<long>("update marketplace.call_rooms set last_seq = last_seq + 1 where booking_id = @booking returning last_seq", new { booking });

    /// <summary>Ends a live call: whoever is still in it leaves, <paramref name="by"/> now and the other at their last sign of life; what browsers told each other is forgotten.</summary>
    public static async Task End(Transaction tx, CallView call, CallState state, Guid? by, DateTimeOffset at)
    {
        if (by is { } person) await tx.Change("update marketplace.call_presences set seen_at = greatest(seen_at, @at) where call_id = @Id and person_id = @person and left_at is null", new { call.Id, person, at });
        foreach (var there in await tx.List<Presence>(OpenPresences, new { call.Id })) await Leave(tx, call, there);
        await tx.ChangeOne("update marketplace.calls set state = @state, ended_at = @at where id = @Id and state = @before", new { call.Id, state, at, before = call.State });
        await tx.Change("delete from marketplace.call_signals where call_id = @Id", new { call.Id });
        await Note(tx, call, Enum.Parse<CallEventKind>(state.ToString()), by, at);
        // Also of a call that nobody took: while it rang, the minutes of the one before were not settled.
        await tx.Enqueue(new SettleMinutes(call.BookingId), runAt: tx.Now + SettleMinutes.After, uniqueKey: call.Id.ToString());
    }

    /// <summary>The booking has ended, and its call with it. The booking is locked by the caller.</summary>
    public static async Task Close(Transaction tx, BookingId booking)
    {
        if (await CallRows.Live(tx, booking) is null) return;
        await Enter(tx, booking);
        if (await CallRows.Live(tx, booking) is { } call) await End(tx, call, call.State == CallState.Accepted ? CallState.Ended : CallState.Cancelled, by: null, tx.Now);
    }

    /// <summary>Ends a presence at its last sign of life.</summary>
    public static async Task Leave(Transaction tx, CallView call, Presence there)
    {
        await tx.ChangeOne("update marketplace.call_presences set left_at = seen_at where id = @Id and left_at is null", new { there.Id });
        await Note(tx, call, CallEventKind.Left, there.PersonId, there.SeenAt);
    }

    public static Task<Presence?> Of(Transaction tx, CallId call, Guid person) =>
        tx.Find<Presence>("select id, person_id, seen_at from marketplace.call_presences where call_id = @call and person_id = @person and left_at is null", new { call, person });

    public sealed record Presence(Guid Id, Guid PersonId, DateTimeOffset SeenAt);

    private static async Task Tidy(Transaction tx, BookingId booking)
    {
        if (await CallRows.Live(tx, booking) is not { } call) return;
        if (call.State == CallState.Ringing)
        {
            if (tx.Now - call.RungAt < Rings) return;
            await End(tx, call, CallState.Missed, by: null, call.RungAt + Rings);
            await Notify.Person(tx, call.CalleeId, "call_missed", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = $"/bookings/{booking}/call" }, uniqueKey: call.Id.ToString());
            return;
        }
        foreach (var lost in (await tx.List<Presence>(OpenPresences, new { call.Id })).Where(p => tx.Now - p.SeenAt >= Silence)) await Leave(tx, call, lost);
        var last = await tx.Get<DateTimeOffset>(LastSign, new { call.Id });
        if (tx.Now - last >= Empty) await End(tx, call, CallState.Ended, by: null, last);
    }

    private const string OpenPresences = "select id, person_id, seen_at from marketplace.call_presences where call_id = @Id and left_at is null order by person_id limit 2";

    private const string LastSign = """
        select greatest(k.answered_at, (select max(p.seen_at) from marketplace.call_presences p where p.call_id = k.id)) from marketplace.calls k where k.id = @Id
        """;

    private const string InsertEvent = """
        insert into marketplace.call_events (booking_id, seq, call_id, kind, person_id, at) values (@BookingId, @seq, @Id, @kind, @person, @at)
        """;
}
