using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Reviews;

/// <summary>The reviewed provider answers a published review, once, for everybody to read. The same words again are the same answer.</summary>
public static class ReplyToReview
{
    public sealed record Body(string Text);

    private sealed record Of(Guid ProviderAccountId, ReviewAuthor Author, DateTimeOffset? PublishedAt, string? Reply, DateTimeOffset? RepliedAt, HidingRule? Hidden);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/reviews/{id}/reply", async (ReviewId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(ReplyToReview)).RequiresSignIn().Produces<ReviewView>();

    public static Task<Result<ReviewView>> Run(Database database, Caller caller, ReviewId id, Body body, CancellationToken stop) => database.InTransaction<Result<ReviewView>>(async tx =>
    {
        var text = body.Text?.Trim();
        if (await tx.Find<Of>(Lock, new { id }) is not { Author: ReviewAuthor.Customer, PublishedAt: not null, Hidden: not HidingRule.NotGenuine } review || !caller.Is(review.ProviderAccountId))
            return MarketplaceRefusals.BookingReviewNotFound;
        if (string.IsNullOrEmpty(text) || !ReviewRows.IsText(text)) return MarketplaceRefusals.ReviewInvalid;
        if (review.RepliedAt is not null && review.Reply != text) return MarketplaceRefusals.ReviewReplied;
        if (review.RepliedAt is null)
        {
            await tx.ChangeOne("update marketplace.reviews set reply = @text, replied_at = @now where id = @id and replied_at is null and published_at is not null", new { id, text, now = tx.Now });
            await tx.Audit(caller, "review.replied", "review", id.ToString());
        }
        return ReviewRows.Shown(await tx.Get<ReviewView>(ReviewRows.Select + " where r.id = @id", new { id }))!;
    }, stop);

    private const string Lock = """
        select b.provider_account_id, r.author, r.published_at, r.reply, r.replied_at, r.hidden_rule as hidden
        from marketplace.reviews r join marketplace.bookings b on b.id = r.booking_id where r.id = @id for update of r
        """;
}
