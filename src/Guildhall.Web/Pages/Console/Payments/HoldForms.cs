using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Payments;

/// <summary>Taking held money, and letting it go.</summary>
internal static class HoldForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/payments/{id}/capture", "CaptureForm", MoneyPermissions.PaymentCapture, Capture).Idempotent();
        app.MapForm("/console/payments/{id}/void", "VoidForm", MoneyPermissions.PaymentCapture, LetGo).Idempotent();
    }

    private static async Task<IResult> Capture(PostedForm form)
    {
        var id = form.Id<PaymentId>();
        var page = $"/console/payments/{id}";
        if (!(await ReadPayment.Run(form.Database, form.Caller, id, form.Stop)).Is(out var payment, out var missing)) return form.Refused("/console/payments", missing);
        if (!Amount.TryParse(form["amount"], payment.Amount.Currency, CultureInfo.InvariantCulture, out var amount)) return form.Refused(page, MoneyRefusals.AmountNotPositive, "amount", "amount");
        var asked = await CapturePayment.Run(form.Database, form.Get<GatewayBook>(), form.Caller, id, new CapturePayment.Body(amount), form.Stop);
        return asked.Is(out _, out var refusal) ? form.Done(page, $"The gateway is being asked to take {amount.Words()}.") : form.Refused(page, refusal, "amount", "amount");
    }

    private static async Task<IResult> LetGo(PostedForm form)
    {
        var id = form.Id<PaymentId>();
        var page = $"/console/payments/{id}";
        var asked = await VoidPayment.Run(form.Database, form.Get<GatewayBook>(), form.Caller, id, form["reason"], form.Stop);
        return asked.Is(out _, out var refusal) ? form.Done(page, "The gateway is being asked to let the money go.") : form.Refused(page, refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "reason" : "", "reason");
    }
}
