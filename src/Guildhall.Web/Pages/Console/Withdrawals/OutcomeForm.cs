using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Withdrawals;

/// <summary>What became of a payout that its rail tells nothing about; leads to the proposal.</summary>
internal static class OutcomeForm
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapForm("/console/withdrawals/{id}/outcome", "PayoutOutcomeForm", MoneyPermissions.SettlementRecord, Propose).Idempotent();

    private static async Task<IResult> Propose(PostedForm form)
    {
        var id = form.Id<WithdrawalId>();
        var seen = await ListWithdrawals.One(form.Database, form.Caller, id, form.Stop);
        if (!seen.Is(out var withdrawal, out var hidden)) return hidden.ToHttp();
        if (withdrawal.Payout is not { } payout) return Back(form, id, MoneyRefusals.PayoutStillAsked);
        if (form["outcome"] is not ("paid" or "not_paid")) return Back(form, id, MoneyRefusals.ReasonMissing.Saying("Say what you found: it was paid, or it was not."), "");
        var body = new RecordPayoutOutcome.Body(form["outcome"] == "paid", form["document"], form["reason"]);
        var proposed = await RecordPayoutOutcome.Run(form.Database, form.Get<Rails>(), form.Caller, payout, body, form.Stop);
        return proposed.Is(out var approval, out var refusal) ? form.Done($"/console/approvals/{approval.Id}", "Proposed. A colleague has to approve it.") : Back(form, id, refusal);
    }

    private static IResult Back(PostedForm form, WithdrawalId id, Refusal refusal, string? field = null) => form.Refused($"/console/withdrawals/{id}", refusal, field ?? refusal switch
    {
        _ when refusal.Code == MoneyRefusals.ReasonMissing.Code => "reason",
        _ when refusal.Code == MoneyRefusals.DocumentMissing.Code || refusal.Code == MoneyRefusals.DocumentUsed.Code => "document",
        _ => "",
    }, "document", "reason");
}
