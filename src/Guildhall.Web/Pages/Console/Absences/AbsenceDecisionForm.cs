using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Absences;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Absences;

/// <summary>The decision on a contested report.</summary>
internal static class AbsenceDecisionForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapForm("/console/absences/{id}/decide", "DecideAbsenceForm", MarketplacePermissions.AbsenceDecide, Send).Idempotent();

    private static async Task<IResult> Send(PostedForm form)
    {
        var page = $"/console/absences/{form.Id<AbsenceId>()}";
        AbsenceOutcome? outcome = null;
        foreach (var known in Enum.GetValues<AbsenceOutcome>())
            if (Names.Of(known) == form["outcome"]) outcome = known;
        if (outcome is not { } chosen) return form.Refused(page, FoundationRefusals.InvalidInput.Saying("Choose what happened."), "", "why");
        var decided = await DecideAbsence.Run(form.Database, form.Caller, form.Id<AbsenceId>(), new DecideAbsence.Body(chosen, form["why"]), form.Stop);
        return decided.Is(out _, out var refusal) ? form.Done(page, "Decided. Both sides were told.") : form.Refused(page, refusal, "", "outcome", "why");
    }
}
