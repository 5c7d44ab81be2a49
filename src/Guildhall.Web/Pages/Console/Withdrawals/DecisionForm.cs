using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Withdrawals;

/// <summary>The two forms of a withdrawal's page.</summary>
internal static class DecisionForm
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/withdrawals/{id}/approve", "ApproveForm", MoneyPermissions.WithdrawalDecide, Approve).Idempotent();
        app.MapForm("/console/withdrawals/{id}/reject", "RejectForm", MoneyPermissions.WithdrawalDecide, Reject).Idempotent();
        app.MapForm("/console/withdrawals/{id}/resume", "ResumeForm", MoneyPermissions.WithdrawalDecide, Resume).Idempotent();
    }

    private static async Task<IResult> Approve(PostedForm form)
    {
        var id = form.Id<WithdrawalId>();
        var decided = await ApproveWithdrawal.Run(form.Database, form.Get<Rails>(), form.Caller, id, form.Number("revision"), form.Stop);
        return decided.Value is { State: WithdrawalState.Pending } ? Answer(form, id, decided, "Approved once", "A second person has to approve it.")
            : Answer(form, id, decided, "Approved", "The payout is being sent.");
    }

    private static async Task<IResult> Resume(PostedForm form)
    {
        var id = form.Id<WithdrawalId>();
        var body = new ResumeWithdrawal.Body(form.Number("revision"), form["waive"] is "yes", form["why"]);
        var resumed = await ResumeWithdrawal.Run(form.Database, form.Get<Rails>(), form.Caller, id, body, form.Stop);
        return resumed.Is(out var withdrawal, out var refusal)
            ? form.Done($"/console/withdrawals/{id}", $"Released {withdrawal.Net.Words()}. It is being sent.")
            : form.Refused($"/console/withdrawals/{id}", refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "why" : "", "why");
    }

    private static async Task<IResult> Reject(PostedForm form)
    {
        var id = form.Id<WithdrawalId>();
        var decided = await RejectWithdrawal.Run(form.Database, form.Caller, id, form.Number("revision"), form["reason"], form.Stop);
        return Answer(form, id, decided, "Rejected", "The provider was told why.");
    }

    private static IResult Answer(PostedForm form, WithdrawalId id, Result<WithdrawalView> decided, string what, string then)
    {
        var page = $"/console/withdrawals/{id}";
        return decided.Is(out var withdrawal, out var refusal)
            ? form.Done(page, $"{what} {withdrawal.Amount.Words()}. {then}")
            : form.Refused(page, refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "reason" : "", "reason");
    }
}
