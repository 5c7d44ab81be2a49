using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Marketplace.Calls;

/// <summary>Looks after calls that nobody acts in any more: unanswered, or left by a browser or node that died. A room at a time, each in a job of its own.</summary>
internal sealed record SweepCalls : IJob
{
    private const int Most = 200;

    public static string Kind => "sweep_calls";

    public static async Task Run(Transaction tx, SweepCalls job)
    {
        var silent = new { rung = tx.Now - CallRoom.Rings, seen = tx.Now - CallRoom.Silence, empty = tx.Now - CallRoom.Empty, most = Most };
        foreach (var room in await tx.List<BookingId>(Due, silent)) await tx.Enqueue(new TidyCalls(room), uniqueKey: room.ToString());
    }

    private const string Due = """
        select k.booking_id from marketplace.calls k
        where k.state = 'ringing' and k.rung_at <= @rung or k.state = 'accepted' and (
            exists (select 1 from marketplace.call_presences p where p.call_id = k.id and p.left_at is null and p.seen_at <= @seen)
            or k.answered_at <= @empty and not exists (select 1 from marketplace.call_presences p where p.call_id = k.id and p.seen_at > @empty))
        order by k.id limit @most
        """;
}

/// <summary>Brings one room up to date.</summary>
internal sealed record TidyCalls(BookingId Booking) : IJob
{
    public static string Kind => "tidy_calls";

    public static Task Run(Transaction tx, TidyCalls job) => CallRoom.Enter(tx, job.Booking);
}
