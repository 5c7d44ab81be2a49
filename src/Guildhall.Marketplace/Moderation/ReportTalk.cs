using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Chat;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Moderation;

/// <summary>One side of a chat reports the other, or one message of theirs, whose words are copied as evidence. Reporting the same again before it is decided answers the report there is.
/// The other side is not told of it.</summary>
public static class ReportTalk
{
    /// <param name="Message">A message of the other side; left out, it is about the person.</param>
    /// <param name="Words">Up to 1000 characters for the staff.</param>
    public sealed record Body(ReportReason? Reason, MessageId? Message = null, string? Words = null);

    /// <summary>A report as its reporter sees it.</summary>
    public sealed record View(TalkReportId Id, ReportReason Reason, MessageId? Message, TalkReportState State, DateTimeOffset ReportedAt);

    private sealed record Reported(MessageId Id, long Seq, string Text, DateTimeOffset SentAt);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/chats/{id}/reports", async (ChatId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp(success: 201))
        .WithName(nameof(ReportTalk)).RequiresSignIn().Limited(RateClass.Auth).Produces<View>(201);

    public static async Task<Result<View>> Run(Database database, Caller caller, ChatId id, Body body, CancellationToken stop)
    {
        if (await ChatRows.Find(database, id, stop) is not { } chat || !chat.Has(caller)) return MarketplaceRefusals.ChatNotFound;
        var words = string.IsNullOrWhiteSpace(body.Words) ? null : body.Words.Trim().ReplaceLineEndings("\n");
        if (body.Reason is not { } reason || words is { Length: > TalkReportRows.MaxWords } || words?.Any(c => char.IsControl(c) && c is not '\n') == true) return MarketplaceRefusals.ReportInvalid;
        return await database.InTransaction(tx => Report(tx, caller, chat, reason, body.Message, words), stop);
    }

    private static async Task<Result<View>> Report(Transaction tx, Caller caller, Chat.Chat chat, ReportReason reason, MessageId? message, string? words)
    {
        var (me, them) = (caller.AccountId!.Value, chat.Other(caller.AccountId!.Value));
        Reported? said = null;
        if (message is { } about && (said = await tx.Find<Reported>(MessageSql, new { about, chat = chat.Id, them })) is null) return MarketplaceRefusals.MessageNotReportable;
        var id = tx.NewId<TalkReportId>();
        var made = await tx.ChangeNow(Insert, new { id, chat = chat.Id, me, them, reason, words, message = said?.Id, seq = said?.Seq, text = said?.Text, sentAt = said?.SentAt, now = tx.Now });
        if (made == 0) return await tx.Get<View>(OpenSql, new { chat = chat.Id, me, message });
        await tx.Audit(caller, "talk.reported", "talk_report", id.ToString(), after: new { chat = chat.Id, reason, message });
        foreach (var staff in await Accounts.Holding(tx, MarketplacePermissions.TalkModerate))
            await Notify.Person(tx, staff.Id, "talk_reported_staff", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = $"/console/talk-reports/{id}" }, uniqueKey: id.ToString());
        return new View(id, reason, said?.Id, TalkReportState.Open, tx.Now);
    }

    private const string MessageSql = """
        select m.id, m.seq, m.text, m.sent_at from marketplace.messages m where m.id = @about and m.chat_id = @chat and m.author_id = @them
        """;

    private const string Insert = """
        insert into marketplace.talk_reports (id, chat_id, reporter_id, reported_id, reason, words, message_id, message_seq, message_text, message_sent_at, state, reported_at)
        values (@id, @chat, @me, @them, @reason, @words, @message, @seq, @text, @sentAt, 'open', @now) on conflict do nothing
        """;

    private const string OpenSql = """
        select r.id, r.reason, r.message_id as message, r.state, r.reported_at from marketplace.talk_reports r
        where r.chat_id = @chat and r.reporter_id = @me and r.message_id is not distinct from @message and r.state = 'open'
        """;
}
