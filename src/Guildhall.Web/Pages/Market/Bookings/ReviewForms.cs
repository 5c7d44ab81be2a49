using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Reviews;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>A booking is reviewed, and a review answered, by form.</summary>
internal static class ReviewForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/bookings/{id}/review", "ReviewForm", form => Write(form, "/bookings")).RequiresSignIn();
        app.MapPosted("/desk/bookings/{id}/review", "DeskReviewForm", form => Write(form, "/desk/bookings")).RequiresSignIn();
        app.MapPosted("/desk/bookings/{id}/review/reply", "ReplyToReviewForm", Reply).RequiresSignIn();
    }

    private static async Task<IResult> Write(Posted form, string pages)
    {
        var page = $"{pages}/{form.Id<BookingId>()}";
        var rating = int.TryParse(form["rating"], NumberStyles.None, CultureInfo.InvariantCulture, out var stars) ? stars : 0;
        var written = await WriteReview.Run(form.Database, form.Caller, form.Id<BookingId>(), new WriteReview.Body(rating, form["text"]), form.Stop);
        if (!written.Is(out var review, out var refusal)) return refusal.Status == 404 ? refusal.ToHttp() : form.Refused(page, refusal, "rating", "text");
        return form.Done(page, review.PublishedAt is null
            ? form.T("Thank you. It is published when both of you have written, or the time is over.", "شكرًا لك. يُنشر عندما يكتب كلاكما أو ينتهي الوقت.")
            : form.T("Thank you. Both reviews are published.", "شكرًا لك. نُشر التقييمان."));
    }

    private static async Task<IResult> Reply(Posted form)
    {
        var page = $"/desk/bookings/{form.Id<BookingId>()}";
        if (!Id.TryParse<ReviewId>(form["review"], out var review)) return MarketplaceRefusals.BookingReviewNotFound.ToHttp();
        var replied = await ReplyToReview.Run(form.Database, form.Caller, review, new ReplyToReview.Body(form["reply"]), form.Stop);
        if (replied.Is(out _, out var refusal)) return form.Done(page, form.T("Your answer is published.", "نُشر جوابك."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Refused(page, refusal, "reply");
    }
}
