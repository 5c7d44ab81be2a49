using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>What a customer does with a booking by form.</summary>
internal static class BookingForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/bookings/{id}/pay", "PayForm", Pay).RequiresSignIn().Idempotent();
        app.MapPosted("/bookings/{id}/start-over", "StartOverForm", StartOver).RequiresSignIn().Idempotent();
        app.MapPosted("/bookings/{id}/cancel", "CancelForm", form => Cancel(form, "/bookings")).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/bookings/{id}/cancel", "DeskCancelForm", form => Cancel(form, "/desk/bookings")).RequiresSignIn().Idempotent();
    }

    private static async Task<IResult> Pay(Posted form)
    {
        var page = $"/bookings/{form.Id<BookingId>()}";
        if (!(await ReadBooking.Run(form.Database, form.Caller, form.Id<BookingId>(), form.Stop)).Is(out var booking, out var missing)) return missing.ToHttp();
        var started = await StartPayment.Run(form.Database, form.Get<GatewayBook>(), form.Caller, booking.OrderId, form.Stop,
            new StartPayment.Body(Phone: form["phone"], KeepMethod: form["keep"] is "true", Method: Id.TryParse<SavedMethodId>(form["method"], out var method) ? method : null));
        if (started.Is(out var payment, out var refusal)) return form.Done(payment.RedirectUrl ?? page);
        if (refusal.Code == MoneyRefusals.PaymentInProgress.Code) return form.Done(refusal.Details?.GetValueOrDefault("resumeUrl") as string ?? page);
        return form.Sorry(page, refusal);
    }

    private static async Task<IResult> StartOver(Posted form)
    {
        var page = $"/bookings/{form.Id<BookingId>()}";
        if (!(await ReadBooking.Run(form.Database, form.Caller, form.Id<BookingId>(), form.Stop)).Is(out var booking, out var missing)) return missing.ToHttp();
        if (!(await ReadOrder.Run(form.Database, form.Caller, booking.OrderId, form.Stop)).Is(out var order, out missing)) return missing.ToHttp();
        if (BookingWords.Live(order) is not { } live) return form.Done(page);
        var cancelled = await CancelPayment.Run(form.Database, form.Get<GatewayBook>(), form.Caller, live.Id, form.Stop);
        if (!cancelled.Is(out var now, out var refusal)) return form.Sorry(page, refusal);
        return now.State is PaymentState.Cancelled or PaymentState.Expired
            ? form.Done(page, form.T("That payment page is closed. You can pay again.", "أُغلقت صفحة الدفع تلك. يمكنك الدفع من جديد."))
            : form.Done(page);
    }

    private static async Task<IResult> Cancel(Posted form, string pages)
    {
        var page = $"{pages}/{form.Id<BookingId>()}";
        long? seen = long.TryParse(form["seenRefundMinor"], NumberStyles.None, CultureInfo.InvariantCulture, out var minor) ? minor : null;
        var result = await CancelBooking.Run(form.Database, form.Caller, form.Id<BookingId>(), new CancelBooking.Body(form["reason"], seen), form.Stop);
        if (!result.Is(out var booking, out var refusal)) return refusal.Status == 404 ? refusal.ToHttp() : Refused(form, page, refusal);
        return form.Done(page, booking.Refund.IsPositive
            ? form.T($"Cancelled. {booking.Refund.Words()} is on its way back.", $"أُلغي. {booking.Refund.Words()} في طريقه إليك.")
            : form.T("Cancelled.", "أُلغي."));
    }

    private static IResult Refused(Posted form, string page, Refusal refusal) =>
        refusal.Code == MarketplaceRefusals.BookingNotCancellable.Code ? form.Sorry(page, refusal) : form.Refused(page + "/cancel", refusal, "reason");
}
