using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Approvals;
using Guildhall.Money.Refunds;
using Guildhall.Money.Settlements;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Settlements;

/// <summary>Recording money that came or went by hand, and what became of refunds that no gateway answers for. All lead to the proposal.</summary>
internal static class SettlementForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/settlements/orders", "SettlementForm", MoneyPermissions.SettlementRecord, Order).Idempotent();
        app.MapForm("/console/settlements/refunds", "RefundPaidForm", MoneyPermissions.SettlementRecord, Refund).Idempotent();
        app.MapForm("/console/settlements/outcomes", "RefundOutcomeForm", MoneyPermissions.SettlementRecord, Outcome).Idempotent();
    }

    private static async Task<IResult> Order(PostedForm form)
    {
        if (!Id.TryParse<OrderId>(form["order"], out var order)) return Back(form, MoneyRefusals.OrderNotFound);
        var by = form["by"] == "cash" ? ByHand.Cash : ByHand.BankTransfer;
        return Answer(form, await RecordSettlement.Run(form.Database, form.Caller, order, new RecordSettlement.Body(by, form["document"], form["reason"]), form.Stop));
    }

    private static async Task<IResult> Refund(PostedForm form)
    {
        if (!Id.TryParse<RefundId>(form["refund"], out var refund)) return Back(form, MoneyRefusals.RefundNotFound);
        return Answer(form, await RecordRefundPaid.Run(form.Database, form.Caller, refund, new RecordRefundPaid.Body(form["document"], form["reason"]), form.Stop));
    }

    private static async Task<IResult> Outcome(PostedForm form)
    {
        if (!Id.TryParse<RefundId>(form["refund"], out var refund)) return Back(form, MoneyRefusals.RefundNotFound);
        if (form["outcome"] is not ("given_back" or "not_given_back")) return Back(form, MoneyRefusals.ReasonMissing.Saying("Say what you found: it was given back, or it was not."));
        return Answer(form, await RecordRefundOutcome.Run(form.Database, form.Caller, refund, new RecordRefundOutcome.Body(form["outcome"] == "given_back", form["document"], form["reason"]), form.Stop));
    }

    private static IResult Answer(PostedForm form, Result<ApprovalView> proposed) => proposed.Is(out var approval, out var refusal)
        ? form.Done($"/console/approvals/{approval.Id}", "Proposed. A colleague has to approve it.")
        : Back(form, refusal);

    private static IResult Back(PostedForm form, Refusal refusal) => form.Refused("/console/settlements", refusal, refusal switch
    {
        _ when refusal.Code == MoneyRefusals.ReasonMissing.Code => "reason",
        _ when refusal.Code == MoneyRefusals.DocumentMissing.Code => "document",
        _ => "",
    }, "order", "refund", "by", "document", "reason");
}
