using Guildhall.Foundation;
using Guildhall.Money;
using Guildhall.Money.Risk;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Risk;

/// <summary>The forms of the risk pages.</summary>
internal static class RiskForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/risk/orders/{id}/decide", "DecideReviewForm", MoneyPermissions.RiskReview, Decide);
        app.MapForm("/console/risk/blocks/add", "AddRiskBlockForm", MoneyPermissions.RiskReview, Add);
        app.MapForm("/console/risk/blocks/{id}/remove", "RemoveRiskBlockForm", MoneyPermissions.RiskReview, Remove);
    }

    private static async Task<IResult> Decide(PostedForm form)
    {
        var order = form.Id<OrderId>();
        var page = $"/console/risk/orders/{order}";
        RiskReviewState? decision = form["decision"] switch { "approve" => RiskReviewState.Approved, "reject" => RiskReviewState.Rejected, _ => null };
        if (decision is not { } decided) return form.Refused(page, MoneyRefusals.ReviewNotFound, "", "reason");
        var result = await DecideReview.Run(form.Database, form.Caller, order, decided, form["reason"], form.Stop);
        return result.Refusal is { } refusal
            ? form.Refused(page, refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "reason" : "", "reason")
            : form.Done(page, decided == RiskReviewState.Approved ? "Approved. The customer was told where to pay." : "Rejected. The customer was told why.");
    }

    private static async Task<IResult> Add(PostedForm form)
    {
        var kind = form["kind"] switch { "email" => RiskBlockKind.Email, "address" => RiskBlockKind.Address, _ => RiskBlockKind.Customer };
        var until = form.Number("days") is > 0 and <= 3650 and var days ? form.Database.Clock.GetUtcNow().AddDays(days) : (DateTimeOffset?)null;
        var body = new RiskBlocks.Body(kind, kind == RiskBlockKind.Customer ? Account(form["value"]) : form["value"], form["reason"], until);
        var added = await form.Database.InTransaction(tx => RiskBlocks.Add(tx, form.Caller, body), form.Stop);
        if (added.Refusal is not { } refusal) return form.Done("/console/risk/blocks", "Blocked.");
        var field = refusal.Code == MoneyRefusals.ReasonMissing.Code ? "reason" : refusal.Code == MoneyRefusals.BlockInvalid.Code ? "value" : "";
        return form.Refused("/console/risk/blocks", refusal, field, "kind", "value", "days", "reason");
    }

    private static async Task<IResult> Remove(PostedForm form)
    {
        var id = form.Id<RiskBlockId>();
        var removed = await form.Database.InTransaction(tx => RiskBlocks.Remove(tx, form.Caller, id, form["reason"]), form.Stop);
        return removed.Refusal is { } refusal ? form.Refused("/console/risk/blocks", refusal) : form.Done("/console/risk/blocks", "Removed. It stays in the audit trail.");
    }

    // The pages of people show acc_…, the API the bare id.
    private static string Account(string text) => Id.TryParse<Identity.AccountId>(text, out var account) ? account.Value.ToString() : text;
}
