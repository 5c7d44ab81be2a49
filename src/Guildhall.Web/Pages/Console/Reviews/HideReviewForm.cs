using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Reviews;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Reviews;

/// <summary>Staff hide a published review.</summary>
internal static class HideReviewForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapForm("/console/reviews/{id}/hide", nameof(HideReviewForm), MarketplacePermissions.ReviewHide, Send);

    private static async Task<IResult> Send(PostedForm form)
    {
        var page = $"/console/reviews/{form.Id<ReviewId>()}";
        HidingRule? rule = null;
        foreach (var known in Enum.GetValues<HidingRule>())
            if (Names.Of(known) == form["rule"]) rule = known;
        if (rule is not { } chosen) return form.Refused(page, FoundationRefusals.InvalidInput.Saying("Choose what is wrong with it."), "", "why");
        var hidden = await HideReview.Run(form.Database, form.Caller, form.Id<ReviewId>(), new HideReview.Body(chosen, form["why"]), form.Stop);
        return hidden.Is(out _, out var refusal) ? form.Done(page, "Hidden. Its author was told.") : form.Refused(page, refusal, "", "rule", "why");
    }
}
