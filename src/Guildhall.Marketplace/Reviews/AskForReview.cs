using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Marketplace.Bookings;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Reviews;

/// <summary>Reminds each side that has written nothing, once. Whether the other has is in no word of it.</summary>
internal sealed record AskForReview(BookingId Booking) : IJob
{
    public static string Kind => "ask_for_review";

    public static async Task Run(Transaction tx, AskForReview job)
    {
        if (await ReviewWindows.Lock(tx, job.Booking) is not { } window || !window.TakesReviews(tx.Now)) return;
        var booking = (await BookingRows.Find(tx, job.Booking))!;
        foreach (var author in Enum.GetValues<ReviewAuthor>())
            if (await ReviewRows.Of(tx, job.Booking, author) is null) await TellOfReview.Side(tx, booking, author, "review_reminder", window.ClosesAt);
    }
}

/// <summary>Words about reviews to one side of a booking.</summary>
internal static class TellOfReview
{
    public static async Task Side(Transaction tx, Booking booking, ReviewAuthor side, string template, DateTimeOffset until)
    {
        var (person, page) = side == ReviewAuthor.Customer ? (booking.CustomerId, "/bookings") : (booking.ProviderAccountId, "/desk/bookings");
        var zone = (await Identity.Accounts.Accounts.Summary(tx, person)).Zone;
        await Notify.Person(tx, person, template, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["until"] = Say.When(until, zone), ["link"] = $"{page}/{booking.Id}",
        }, uniqueKey: booking.Id.ToString());
    }
}
