using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Web.Pages.Market.Bookings;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Packages;

/// <summary>Paying an order from the page of what it pays for.</summary>
internal static class OrderForms
{
    public static async Task<IResult> Pay(Posted form, OrderId order, string page)
    {
        var started = await StartPayment.Run(form.Database, form.Get<GatewayBook>(), form.Caller, order, form.Stop,
            new StartPayment.Body(Phone: form["phone"], KeepMethod: form["keep"] is "true", Method: Id.TryParse<SavedMethodId>(form["method"], out var method) ? method : null));
        if (started.Is(out var payment, out var refusal)) return form.Done(payment.RedirectUrl ?? page);
        if (refusal.Code == MoneyRefusals.PaymentInProgress.Code) return form.Done(refusal.Details?.GetValueOrDefault("resumeUrl") as string ?? page);
        return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }

    public static async Task<IResult> StartOver(Posted form, OrderId id, string page)
    {
        if (!(await ReadOrder.Run(form.Database, form.Caller, id, form.Stop)).Is(out var order, out var missing)) return missing.ToHttp();
        if (BookingWords.Live(order) is not { } live) return form.Done(page);
        var cancelled = await CancelPayment.Run(form.Database, form.Get<GatewayBook>(), form.Caller, live.Id, form.Stop);
        return cancelled.Is(out _, out var refusal) ? form.Done(page) : form.Sorry(page, refusal);
    }
}
