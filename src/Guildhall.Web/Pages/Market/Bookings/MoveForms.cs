using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>A booking is moved, and a move agreed to, by form.</summary>
internal static class MoveForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/bookings/{id}/move", "MoveForm", form => Move(form, "/bookings")).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/bookings/{id}/move", "DeskMoveForm", form => Move(form, "/desk/bookings")).RequiresSignIn().Idempotent();
        app.MapPosted("/bookings/{id}/accept-move", "AcceptMoveForm", Accept).RequiresSignIn().Idempotent();
    }

    private static async Task<IResult> Move(Posted form, string pages)
    {
        var page = $"{pages}/{form.Id<BookingId>()}";
        var moved = await MoveBooking.Run(form.Database, form.Caller, form.Id<BookingId>(), new MoveBooking.Body(Revision(form), form["start"], form["reason"]), form.Stop);
        if (moved.Is(out var booking, out var refusal))
        {
            var when = TimeText.Exact(booking.StartsAt, form.Reader.Zone, form.Reader, form.Get<TimeProvider>().GetUtcNow());
            return form.Done(page, form.T($"Moved to {when}. Both of you were told.", $"نُقل إلى {when}. أُبلغ الطرفان."));
        }
        if (refusal.Status == 404) return refusal.ToHttp();
        if (form["start"].Length == 0) return form.Done(page + "/move", form.T("Choose a time first.", "اختر وقتًا أولًا."), Tone.Warn);
        Refusal[] another = [MarketplaceRefusals.SlotUnavailable, MarketplaceRefusals.SlotNotOffered, MarketplaceRefusals.VisitTooFar, MarketplaceRefusals.ReasonTooLong];
        return form.Sorry(another.Any(a => a.Code == refusal.Code) ? page + "/move" : page, refusal);
    }

    private static async Task<IResult> Accept(Posted form)
    {
        var page = $"/bookings/{form.Id<BookingId>()}";
        var done = await AcceptMove.Run(form.Database, form.Caller, form.Id<BookingId>(), new AcceptMove.Body(Revision(form)), form.Stop);
        if (done.Is(out _, out var refusal)) return form.Done(page, form.T("Agreed. The provider was told.", "تمت الموافقة وأُبلغ مقدّم الخدمة."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }

    private static int Revision(Posted form) => int.TryParse(form["revision"], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;
}
