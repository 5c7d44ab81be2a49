using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Approvals;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Approvals;

/// <summary>The decisions on a proposal's page.</summary>
internal static class ApprovalForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/approvals/{id}/approve", "ApproveProposalForm", MoneyPermissions.ApprovalDecide, form => Decide(form, ApprovalState.Approved, "Approved and done.")).Idempotent();
        app.MapForm("/console/approvals/{id}/reject", "RejectProposalForm", MoneyPermissions.ApprovalDecide, form => Decide(form, ApprovalState.Rejected, "Rejected. Nothing was done.")).Idempotent();
        app.MapForm("/console/approvals/{id}/withdraw", "WithdrawProposalForm", MoneyPermissions.ApprovalDecide, form => Decide(form, ApprovalState.Withdrawn, "Withdrawn.")).Idempotent();
    }

    private static async Task<IResult> Decide(PostedForm form, ApprovalState to, string said)
    {
        var id = form.Id<ApprovalId>();
        var decided = await DecideApproval.Run(form.Database, form.Get<ApprovalBook>(), form.Caller, id, to, form["said"] is { Length: > 0 } why ? why : null, form.Stop);
        var page = $"/console/approvals/{id}";
        return decided.Is(out _, out var refusal) ? form.Done(page, said) : form.Refused(page, refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "said" : "", "said");
    }
}
