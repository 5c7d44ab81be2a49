using Guildhall.Foundation;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Contacts;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Masks;

/// <summary>The decision on an appeal against hidden words.</summary>
internal static class MaskAppealForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapForm("/console/mask-appeals/{id}/decide", "DecideMaskAppealForm", MarketplacePermissions.TalkModerate, Send);

    private static async Task<IResult> Send(PostedForm form)
    {
        var page = $"/console/mask-appeals/{form.Id<MaskAppealId>()}";
        if (form["decision"] is not ("grant" or "refuse")) return form.Refused(page, FoundationRefusals.InvalidInput.Saying("Choose what it is."), "", "why");
        var decided = await DecideMaskAppeal.Run(form.Database, form.Caller, form.Id<MaskAppealId>(), new DecideMaskAppeal.Body(form["decision"] == "grant", form["why"]), form.Stop);
        return decided.Is(out _, out var refusal) ? form.Done(page, "Decided. The author was told.") : form.Refused(page, refusal, "", "why");
    }
}
