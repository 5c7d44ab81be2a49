using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Contacts;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>The author of a text objects to what is hidden in it.</summary>
internal static class MaskForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/bookings/{id}/mask-appeal", "MaskAppealForm", form => Appeal(form, form.Id<BookingId>(), $"/bookings/{form.Id<BookingId>()}")).RequiresSignIn().Limited(RateClass.Auth);
        app.MapPosted("/desk/bookings/{id}/mask-appeal", "DeskMaskAppealForm", form => Appeal(form, form.Id<BookingId>(), $"/desk/bookings/{form.Id<BookingId>()}")).RequiresSignIn().Limited(RateClass.Auth);
        app.MapPosted("/account/provider/mask-appeal", "ProfileMaskAppealForm", form => Appeal(form, null, "/account/provider")).RequiresSignIn().Limited(RateClass.Auth);
    }

    private static async Task<IResult> Appeal(Posted form, BookingId? booking, string page)
    {
        var text = booking is null ? MaskedText.Profile : form["text"] == Names.Of(MaskedText.CancelReason) ? MaskedText.CancelReason : MaskedText.Note;
        var appealed = await AppealMask.Run(form.Database, form.Caller, new AppealMask.Body(text, booking, form["words"]), form.Stop);
        if (appealed.Is(out _, out var refusal)) return form.Done(page, form.T("Asked. Our staff look at it and write to you.", "طُلب ذلك. ينظر فريقنا فيه ويكتب إليك."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }
}
