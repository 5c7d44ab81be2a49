using Guildhall.Foundation;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Providers;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Applications;

/// <summary>The decisions on an application's page.</summary>
internal static class ApplicationDecisionForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/applications/{id}/approve", "ApproveApplicationForm", MarketplacePermissions.ProviderApprove, async form =>
            Answer(form, (await DecideApplication.Approve(form.Database, form.Caller, form.Id<ProviderApplicationId>(), form.Stop)).Refusal, "Approved. The applicant is a provider now and was told."));
        app.MapForm("/console/applications/{id}/reject", "RejectApplicationForm", MarketplacePermissions.ProviderApprove, async form =>
            Answer(form, (await DecideApplication.Reject(form.Database, form.Caller, form.Id<ProviderApplicationId>(), form["reason"], form.Stop)).Refusal, "Rejected. The applicant was told why."));
    }

    private static IResult Answer(PostedForm form, Refusal? refusal, string said)
    {
        var page = $"/console/applications/{form.Id<ProviderApplicationId>()}";
        return refusal is null ? form.Done(page, said) : form.Refused(page, refusal, refusal.Code == FoundationRefusals.InvalidInput.Code ? "reason" : "", "reason");
    }
}
