using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Consultations;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Desk;

/// <summary>What a provider does with a booking by form.</summary>
internal static class BookingActs
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/desk/bookings/{id}/start", "StartForm", Start).RequiresSignIn();
        app.MapPosted("/desk/bookings/{id}/approve", "ApproveRequestForm", Approve).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/bookings/{id}/decline", "DeclineRequestForm", Decline).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/bookings/{id}/complete", "CompleteForm", Complete).RequiresSignIn().Idempotent();
    }

    private static async Task<IResult> Start(Posted form) =>
        Answer(form, await StartConsultation.Run(form.Database, form.Caller, form.Id<BookingId>(), form.Stop), form.T("The session has begun.", "بدأت الجلسة."));

    private static async Task<IResult> Approve(Posted form) =>
        Answer(form, await DecideRequest.Approve(form.Database, form.Caller, form.Id<BookingId>(), form.Stop), form.T("You said yes. The customer was told to pay.", "وافقت. أُبلغ العميل ليدفع."));

    private static async Task<IResult> Decline(Posted form) =>
        Answer(form, await DecideRequest.Decline(form.Database, form.Caller, form.Id<BookingId>(), new DecideRequest.Body(form["reason"]), form.Stop), form.T("You said no. The time is free again.", "رفضت. عاد الموعد متاحًا."));

    private static async Task<IResult> Complete(Posted form) =>
        Answer(form, await CompleteBooking.Run(form.Database, form.Caller, form.Id<BookingId>(), form.Stop), form.T("Completed. The money is yours.", "اكتمل. المال لك."));

    private static IResult Answer(Posted form, Result<BookingView> result, string said)
    {
        var page = $"/desk/bookings/{form.Id<BookingId>()}";
        if (result.Is(out _, out var refusal)) return form.Done(page, said);
        return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }
}
