using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Reviews;

/// <summary>One published review, for staff.</summary>
public static class ReadPublishedReview
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/reviews/{id}", async (ReviewId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ReadPublishedReview)).Requires(MarketplacePermissions.ReviewHide).Produces<StaffReview>();

    public static async Task<Result<StaffReview>> Run(Database database, ReviewId id, CancellationToken stop) =>
        await database.Find<StaffReview>(Select + " and r.id = @id", new { id }, stop) is { } review ? review : MarketplaceRefusals.BookingReviewNotFound;

    internal const string Select = """
        select r.id, r.booking_id, r.author, r.rating, r.text, r.reply, r.published_at, b.service_name, p.display_name as provider_name, b.provider_account_id, b.customer_id,
            r.hidden_rule as hidden, r.hidden_why, r.hidden_by, r.hidden_at
        from marketplace.reviews r join marketplace.bookings b on b.id = r.booking_id join marketplace.providers p on p.id = r.provider_id where r.published_at is not null
        """;
}
