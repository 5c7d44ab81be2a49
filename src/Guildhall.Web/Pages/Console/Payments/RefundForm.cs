using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Payments;

/// <summary>The refund form of a payment's page.</summary>
internal static class RefundForm
{
    public static void Map(IEndpointRouteBuilder app) => app
        .MapForm("/console/payments/{id}/refunds", nameof(RefundForm), MoneyPermissions.PaymentRefund, Send).Idempotent();

    private static async Task<IResult> Send(PostedForm form)
    {
        var id = form.Id<PaymentId>();
        var page = $"/console/payments/{id}";
        var read = await ReadPayment.Run(form.Database, form.Caller, id, form.Stop);
        if (!read.Is(out var payment, out var missing)) return form.Refused("/console/payments", missing);
        if (!Amount.TryParse(form["refund_amount"], payment.Amount.Currency, CultureInfo.InvariantCulture, out var amount) || !amount.IsPositive)
            return form.Refused(page, MoneyRefusals.AmountNotPositive.Saying($"Write an amount such as {payment.Captured.Text}."), "refund_amount", "refund_amount", "reason");
        if (form["act"] == "preview") return form.ShownAgain($"{page}?refund={amount.Text}#refund", "refund_amount", "reason");
        if (form["shown"] != amount.Text)
            return form.Refused($"{page}?refund={amount.Text}#refund",
                MoneyRefusals.AmountNotPositive.Saying($"You changed the amount. See what refunding {amount.Words()} does, then press Refund."), "refund_amount", "refund_amount", "reason");

        var asked = await RequestRefund.Ask(form.Database, form.Caller, id, new RequestRefund.Body(form["reason"], amount), form.Stop);
        return asked.Is(out var refund, out var refusal)
            ? form.Done(page, $"Refund of {refund.Amount.Words()} is on its way to the customer.")
            : form.Refused(page, refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "reason" : "", "refund_amount", "reason");
    }
}
