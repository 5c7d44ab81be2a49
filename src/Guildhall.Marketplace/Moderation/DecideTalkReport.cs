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

/// <summary>Staff decide a report, never one whose side they are: nothing, a warning, the chat closed, or the provider sells nothing new. Whoever reported hears whether something was done;
/// whoever was reported hears what and why, and nothing when nothing was done.</summary>
public static class DecideTalkReport
{
    /// <param name="Why">3 to 500 characters: the reported person reads it, or the reporter where nothing is done.</param>
    public sealed record Body(ReportOutcome? Outcome, string? Why);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/talk-reports/{id}/actions/decide", async (TalkReportId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(DecideTalkReport)).Requires(MarketplacePermissions.TalkModerate).Produces<ReadTalkReport.View>();

    public static async Task<Result<ReadTalkReport.View>> Run(Database database, Caller caller, TalkReportId id, Body body, CancellationToken stop)
    {
        var why = body.Why?.Trim();
        if (body.Outcome is not { } outcome || why is not { Length: >= TalkReportRows.MinWhy and <= TalkReportRows.MaxWhy } || why.Any(char.IsControl)) return MarketplaceRefusals.DecisionWhyMissing;
        var done = await database.InTransaction(tx => Decide(tx, caller, id, outcome, why), stop);
        return done.Refusal is { } refusal ? refusal : await ReadTalkReport.Run(database, id, stop);
    }

    private static async Task<Result<Done>> Decide(Transaction tx, Caller caller, TalkReportId id, ReportOutcome outcome, string why)
    {
        if (await TalkReportRows.Lock(tx, id) is not { } report) return MarketplaceRefusals.ReportNotFound;
        foreach (var side in new[] { report.ReporterId, report.ReportedId })
            if (caller.AccountId is { } who && await Accounts.AreOnePerson(tx, who, side)) return MarketplaceRefusals.ReportParty;
        if (report.State == TalkReportState.Decided)
            return report.Outcome == outcome && report.DecidedBy == caller.AccountId && report.Why == why ? default(Done) : MarketplaceRefusals.ReportDecided.With(("outcome", report.Outcome));
        if (outcome == ReportOutcome.ChatClosed) await ChatRows.Close(tx, report.ChatId);
        if (outcome == ReportOutcome.Suspended && !await Suspend(tx, caller, report, why)) return MarketplaceRefusals.ReportedSellsNothing;

        await tx.ChangeOne(MarkDecided, new { id, outcome, why, by = caller.AccountId, now = tx.Now });
        await tx.Audit(caller, "talk.report_decided", "talk_report", id.ToString(), before: new { report.State, report.Reason }, after: new { outcome, chat = report.ChatId }, why: why);
        await Tell(tx, report, report.ReporterId, outcome == ReportOutcome.Nothing ? "talk_report_nothing" : "talk_report_acted", why);
        if (outcome != ReportOutcome.Nothing) await Tell(tx, report, report.ReportedId, "talk_" + Names.Of(outcome), why);
        return default(Done);
    }

    /// <summary>False when the reported person does not sell in this chat. Their open services cannot be booked any more; bookings that were sold go on.</summary>
    private static async Task<bool> Suspend(Transaction tx, Caller caller, TalkReportView report, string why)
    {
        if (await tx.Find<ProviderId?>(SuspendSql, new { chat = report.ChatId, person = report.ReportedId }) is not { } provider) return false;
        await tx.Audit(caller, "provider.suspended", "provider", provider.ToString(), after: new { report = report.Id }, why: why);
        return true;
    }

    private static Task Tell(Transaction tx, TalkReportView report, Guid person, string template, string why) =>
        Notify.Person(tx, person, template, new Dictionary<string, string>(StringComparer.Ordinal) { ["why"] = why, ["link"] = $"/chats/{report.ChatId}" }, uniqueKey: report.Id.ToString());

    // Suspended already is suspended.
    private const string SuspendSql = """
        update marketplace.providers p set state = 'suspended' from marketplace.chats c join marketplace.bookings b on b.id = c.booking_id
        where c.id = @chat and c.provider_account_id = @person and p.id = b.provider_id returning p.id
        """;

    private const string MarkDecided = """
        update marketplace.talk_reports set state = 'decided', outcome = @outcome, why = @why, decided_by = @by, decided_at = @now where id = @id and state = 'open'
        """;
}
