using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Chat;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Moderation;

/// <summary>One report for the staff who decide it: the copy, what stands around the message, and what was decided about that person before. More of the chat is not shown.</summary>
public static class ReadTalkReport
{
    private const int Around = 5, MostBefore = 20;

    /// <param name="Near">The reported message and up to five entries on either side; without a message the last ten. As they stand now.</param>
    /// <param name="Provider">The reported person where they sell in this chat, with whether they may; null otherwise.</param>
    /// <param name="Before">Other reports of the same person, newest first, at most 20.</param>
    public sealed record View(TalkReportView Report, BookingId Booking, ChatState Chat, IReadOnlyList<Said> Near, Seller? Provider, IReadOnlyList<Earlier> Before);

    public sealed record Said(MessageId Id, long Seq, Guid AuthorId, DateTimeOffset SentAt, string Text);

    public sealed record Seller(ProviderId Id, string Name, ProviderState State);

    public sealed record Earlier(TalkReportId Id, ReportReason Reason, TalkReportState State, ReportOutcome? Outcome, DateTimeOffset ReportedAt);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/talk-reports/{id}", async (TalkReportId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ReadTalkReport)).Requires(MarketplacePermissions.TalkModerate).Produces<View>();

    public static async Task<Result<View>> Run(Database database, TalkReportId id, CancellationToken stop)
    {
        if (await TalkReportRows.Find(database, id, stop) is not { } report) return MarketplaceRefusals.ReportNotFound;
        var chat = (await ChatRows.Find(database, report.ChatId, stop))!;
        var (lowest, highest) = report.MessageSeq is { } seq ? (seq - Around, seq + Around) : (chat.LastSeq - (2 * Around), chat.LastSeq);
        return new View(report, chat.BookingId, chat.State, await database.List<Said>(NearSql, new { chat = chat.Id, lowest, highest, most = (2 * Around) + 1 }, stop),
            await database.Find<Seller>(SellerSql, new { chat = chat.Id, person = report.ReportedId }, stop),
            await database.List<Earlier>(BeforeSql, new { person = report.ReportedId, id, most = MostBefore }, stop));
    }

    private const string NearSql = """
        select id, seq, author_id, sent_at, text from marketplace.messages where chat_id = @chat and kind = 'text' and seq >= @lowest and seq <= @highest order by seq limit @most
        """;

    private const string SellerSql = """
        select p.id, p.display_name as name, p.state from marketplace.chats c join marketplace.bookings b on b.id = c.booking_id join marketplace.providers p on p.id = b.provider_id
        where c.id = @chat and c.provider_account_id = @person
        """;

    private const string BeforeSql = """
        select id, reason, state, outcome, reported_at from marketplace.talk_reports where reported_id = @person and id <> @id order by id desc limit @most
        """;
}
