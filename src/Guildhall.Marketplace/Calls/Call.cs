using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Marketplace.Calls;

/// <summary>ringing → accepted → ended; ringing → declined by whoever is called, cancelled by whoever calls, or missed.</summary>
public enum CallState { Ringing, Accepted, Declined, Missed, Cancelled, Ended }

/// <summary>What happened in a call. <c>Joined</c> and <c>Left</c> name a person.</summary>
public enum CallEventKind { Rang, Accepted, Declined, Missed, Cancelled, Joined, Left, Ended }

/// <summary>A line of what happened. <c>At</c>: when it was so; of somebody who was lost, their last sign of life.</summary>
public sealed record CallEvent(long Seq, CallId CallId, CallEventKind Kind, Guid? PersonId, DateTimeOffset At);

/// <summary>One call of a booking. <c>EndedAt</c> is the time of the last word of whoever ended it, or the last sign of life where both were lost.</summary>
public sealed record CallView(CallId Id, BookingId BookingId, Guid CallerId, Guid CalleeId, CallState State, DateTimeOffset RungAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt);

internal static class CallRows
{
    public const string Select = "select k.id, k.booking_id, k.caller_id, k.callee_id, k.state, k.rung_at, k.answered_at, k.ended_at from marketplace.calls k";

    public static bool Has(this CallView call, Caller caller) => caller.Is(call.CallerId) || caller.Is(call.CalleeId);

    public static bool IsLive(this CallView call) => call.State is CallState.Ringing or CallState.Accepted;

    public static Task<CallView?> Find(Database database, CallId id, CancellationToken stop) => database.Find<CallView>(Select + " where k.id = @id", new { id }, stop);

    public static Task<CallView?> Live(Transaction tx, BookingId booking) => tx.Find<CallView>(Select + " where k.booking_id = @booking and k.state in ('ringing', 'accepted')", new { booking });
}
