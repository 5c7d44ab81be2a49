using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Reviews;

/// <summary>Staff hide a published review, never one of a booking of their own. The rule they name says what goes and whether it counts; the author is told why.</summary>
public static class HideReview
{
    private const int MinWhy = 3, MaxWhy = 500;

    public sealed record Body(HidingRule Rule, string Why);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/reviews/{id}/actions/hide", async (ReviewId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(HideReview)).Requires(MarketplacePermissions.ReviewHide).Produces<StaffReview>();

    public static async Task<Result<StaffReview>> Run(Database database, Caller caller, ReviewId id, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction(tx => Hide(tx, caller, id, body), stop);
        return done.Refusal is { } refusal ? refusal : await ReadPublishedReview.Run(database, id, stop);
    }

    private static async Task<Result<Done>> Hide(Transaction tx, Caller caller, ReviewId id, Body body)
    {
        var why = body.Why?.Trim();
        if (why is not { Length: >= MinWhy and <= MaxWhy } || why.Any(char.IsControl)) return MarketplaceRefusals.ReviewWhyMissing;
        if (await tx.Find<StaffReview>(ReadPublishedReview.Select + " and r.id = @id for update of r", new { id }) is not { } review) return MarketplaceRefusals.BookingReviewNotFound;
        foreach (var side in new[] { review.CustomerId, review.ProviderAccountId })
            if (caller.AccountId is { } who && await Accounts.AreOnePerson(tx, who, side)) return MarketplaceRefusals.ReviewParty;
        if (review.Hidden == body.Rule && review.HiddenBy == caller.AccountId && review.HiddenWhy == why) return default(Done);
        if (review.Hidden is not null) return MarketplaceRefusals.ReviewIsHidden.With(("rule", review.Hidden));

        await tx.ChangeOne(MarkHidden, new { id, body.Rule, why, by = caller.AccountId, now = tx.Now });
        await tx.Audit(caller, "review.hidden", "review", id.ToString(), before: new { review.Rating, review.Author }, after: new { body.Rule }, why: why);
        var (author, page) = review.Author == ReviewAuthor.Customer ? (review.CustomerId, "/bookings") : (review.ProviderAccountId, "/desk/bookings");
        await Notify.Person(tx, author, body.Rule == HidingRule.Words ? "review_hidden_words" : "review_hidden", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = review.ServiceName, ["reason"] = why, ["link"] = $"{page}/{review.BookingId}",
        }, uniqueKey: id.ToString());
        return default(Done);
    }

    private const string MarkHidden = """
        update marketplace.reviews set hidden_rule = @Rule, hidden_why = @why, hidden_by = @by, hidden_at = @now where id = @id and hidden_at is null and published_at is not null
        """;
}
