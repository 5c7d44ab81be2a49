using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Moderation;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.TalkReports;

/// <summary>The decision on a report out of a chat, and letting a provider sell again.</summary>
internal static class TalkReportForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/talk-reports/{id}/decide", "DecideTalkReportForm", MarketplacePermissions.TalkModerate, Decide);
        app.MapForm("/console/talk-reports/{id}/resume", "ResumeProviderForm", MarketplacePermissions.TalkModerate, Resume);
    }

    private static async Task<IResult> Decide(PostedForm form)
    {
        var page = $"/console/talk-reports/{form.Id<TalkReportId>()}";
        ReportOutcome? outcome = null;
        foreach (var known in Enum.GetValues<ReportOutcome>())
            if (Names.Of(known) == form["outcome"]) outcome = known;
        if (outcome is null) return form.Refused(page, FoundationRefusals.InvalidInput.Saying("Choose what follows."), "", "why");
        var decided = await DecideTalkReport.Run(form.Database, form.Caller, form.Id<TalkReportId>(), new DecideTalkReport.Body(outcome, form["why"]), form.Stop);
        return decided.Is(out _, out var refusal) ? form.Done(page, "Decided. Whom it concerns was told.") : form.Refused(page, refusal, "", "outcome", "why");
    }

    private static async Task<IResult> Resume(PostedForm form)
    {
        var page = $"/console/talk-reports/{form.Id<TalkReportId>()}";
        var read = await ReadTalkReport.Run(form.Database, form.Id<TalkReportId>(), form.Stop);
        if (!read.Is(out var view, out var refusal)) return form.Refused(page, refusal);
        if (view.Provider is not { } provider) return form.Refused(page, MarketplaceRefusals.ReportedSellsNothing);
        var resumed = await ResumeProvider.Run(form.Database, form.Caller, provider.Id, new ResumeProvider.Body(form["reason"]), form.Stop);
        return resumed.Is(out _, out refusal) ? form.Done(page, "Their services can be booked again. They were told.") : form.Refused(page, refusal, "reason", "reason");
    }
}
