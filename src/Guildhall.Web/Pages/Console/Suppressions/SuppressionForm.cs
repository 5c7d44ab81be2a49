using Guildhall.Messaging;
using Guildhall.Messaging.Suppressions;
using Guildhall.Web.Components;
using Guildhall.Web.Pages.Console.Parts;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Console.Suppressions;

/// <summary>Takes an address off the list.</summary>
internal static class SuppressionForm
{
    private const string Page = "/console/suppressions";

    public static void Map(IEndpointRouteBuilder app) => app.MapForm(Page + "/{id}/lift", "LiftSuppressionForm", MessagingPermissions.SuppressionLift, Lift);

    private static async Task<IResult> Lift(PostedForm form)
    {
        var (id, language) = (form.Id<SuppressionId>(), Reader.Of(form.Http).Language);
        var lifted = await form.Database.InTransaction(tx => LiftSuppression.Run(tx, form.Caller, id, form["why"]), form.Stop);
        return lifted.Refusal is { } refusal ? form.Warned(Page, RefusalWords.Say(refusal, language))
            : form.Done(Page, language == "ar" ? "رُفع العنوان ويُرسل إليه من جديد. يبقى ذلك في سجل التدقيق." : "Taken off. Messages are sent there again; the audit trail keeps it.");
    }
}
