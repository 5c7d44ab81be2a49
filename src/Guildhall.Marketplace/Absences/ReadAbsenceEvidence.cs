using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Absences;

/// <summary>A report with what speaks for each side: when each was in the chat, what was written around the time of the booking, and its times. Of the chat only that part is shown.</summary>
public static class ReadAbsenceEvidence
{
    private const int MostMessages = 100;
    private static readonly TimeSpan Around = TimeSpan.FromHours(3);

    /// <param name="StartedAt">When the provider pressed start; of a visit, what <c>Visit</c> says counts.</param>
    /// <param name="CustomerTrace">The customer in the chat; null when they never were there.</param>
    /// <param name="ProviderTrace">The provider in the chat.</param>
    /// <param name="Messages">From three hours before the start until three hours after the end, at most 100.</param>
    /// <param name="Calls">Who rang, took, joined and left, at most 200 lines.</param>
    /// <param name="Visit">What happened on a visit: on the way, codes entered, arrived.</param>
    public sealed record View(AbsenceView Report, BookingView Booking, Guid CustomerId, Guid ProviderAccountId, DateTimeOffset? StartedAt, Trace? CustomerTrace, Trace? ProviderTrace,
        IReadOnlyList<Said> Messages, IReadOnlyList<MoveView> Moves, int NoShowBackPercent, IReadOnlyList<Visits.VisitEvent> Visit,
        IReadOnlyList<Calls.CallEvent> Calls);

    /// <summary>Signs of one side in the chat. <c>ReadAt</c>: when they last read something new. <c>FirstAt</c>, <c>LastAt</c>: what they wrote around the time of the booking.</summary>
    public sealed record Trace(Guid PersonId, DateTimeOffset? ReadAt, DateTimeOffset? FirstAt, DateTimeOffset? LastAt, long Written);

    public sealed record Said(Guid AuthorId, DateTimeOffset SentAt, string Text);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/absences/{id}", async (AbsenceId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadAbsenceEvidence)).Requires(MarketplacePermissions.AbsenceDecide).Produces<View>();

    public static async Task<Result<View>> Run(Database database, Caller caller, AbsenceId id, CancellationToken stop)
    {
        if (await database.Find<AbsenceView>(AbsenceRows.Select + " where a.id = @id", new { id }, stop) is not { } report) return MarketplaceRefusals.AbsenceNotFound;
        var booking = (await BookingRows.Find(database, report.BookingId, stop))!;
        var args = new { booking.ChatId, since = booking.StartsAt - Around, until = booking.EndsAt + Around, most = MostMessages };
        var traces = await database.List<Trace>(TracesSql, args, stop);
        var policy = await database.InTransaction(tx => Policies.PolicyRows.Get(tx, booking.PolicyId), stop);
        // Whoever decides sees the booking for the sake of it, whatever else they may see.
        var looking = caller with { Permissions = new HashSet<string>([.. caller.Permissions, MarketplacePermissions.BookingView.Name], StringComparer.Ordinal) };
        return new View(report, (await BookingViews.Show(database, looking, [booking], stop))[0], booking.CustomerId, booking.ProviderAccountId, booking.StartedAt,
            traces.FirstOrDefault(t => t.PersonId == booking.CustomerId), traces.FirstOrDefault(t => t.PersonId == booking.ProviderAccountId),
            await database.List<Said>(MessagesSql, args, stop), (await ListMoves.Run(database, looking, booking.Id, stop)).OrThrow().Items, policy.NoShowPercent,
            await Visits.ReadVisit.Events(database, booking.Id, stop), await Guildhall.Marketplace.Calls.ReadCalls.Events(database, booking.Id, stop));
    }

    private const string TracesSql = """
        select r.person_id, r.read_at, min(m.sent_at) as first_at, max(m.sent_at) as last_at, count(m.id) as written
        from marketplace.chat_reads r left join marketplace.messages m on m.chat_id = r.chat_id and m.author_id = r.person_id and m.sent_at >= @since and m.sent_at < @until
        where r.chat_id = @ChatId group by r.person_id, r.read_at order by r.person_id limit 2
        """;

    private const string MessagesSql = """
        select author_id, sent_at, text from marketplace.messages where chat_id = @ChatId and kind = 'text' and sent_at >= @since and sent_at < @until order by seq limit @most
        """;
}
