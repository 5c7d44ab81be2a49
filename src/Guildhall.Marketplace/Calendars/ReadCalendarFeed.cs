using System.Security.Cryptography;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Guildhall.Marketplace.Calendars;

/// <summary>A feed of paid bookings for calendar programs, by its secret address. From 60 days back on, at most 1000; what was cancelled stays 30 days as
/// <c>STATUS:CANCELLED</c>, so that every program takes it away. Holds are not in it: nothing is agreed yet.</summary>
public static class ReadCalendarFeed
{
    private const int Most = 1000;
    private static readonly TimeSpan Back = TimeSpan.FromDays(60), KeepCancelled = TimeSpan.FromDays(30);

    /// <param name="Tag">Changes with the content.</param>
    public sealed record Feed(byte[] Content, string Tag);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/calendars/{token}", async (string token, HttpContext http, Database database, MarketplaceOptions options, CancellationToken stop) =>
        {
            var found = await Run(database, options, token, stop);
            if (!found.Is(out var feed, out var refusal)) return refusal.ToHttp();
            http.Response.Headers.CacheControl = "private, no-cache";
            return Results.Bytes(feed.Content, "text/calendar; charset=utf-8", entityTag: new EntityTagHeaderValue(feed.Tag));
        })
        .WithName(nameof(ReadCalendarFeed)).ForAnyone().Produces(200, contentType: "text/calendar");

    /// <param name="token">The last part of the address, with or without <c>.ics</c>.</param>
    public static async Task<Result<Feed>> Run(Database database, MarketplaceOptions options, string token, CancellationToken stop)
    {
        if (FeedSecret.Hash(token.EndsWith(".ics", StringComparison.Ordinal) ? token[..^4] : token) is not { } hash) return MarketplaceRefusals.CalendarNotFound;
        if (await database.Find<CalendarLink>(ByHash, new { hash }, stop) is not { } link) return MarketplaceRefusals.CalendarNotFound;
        if (await database.InTransaction(async tx => (await Accounts.Suspended(tx, [link.AccountId])).Count > 0, stop)) return MarketplaceRefusals.CalendarNotFound;

        var now = database.Clock.GetUtcNow();
        var rows = await database.List<Booking>(OfLink, new { link.Kind, account = link.AccountId, subject = link.SubjectId, since = now - Back, cancelledSince = now - KeepCancelled, limit = Most }, stop);
        var people = await Accounts.Summaries(database, [.. rows.Select(b => b.CustomerId).Append(link.AccountId).Distinct().Take(Most)], stop);
        var content = CalendarFeed.Write(rows, link.AccountId, id => people.TryGetValue(id, out var person) ? person.DisplayName : "", options.Url);
        return new Feed(content, $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"");
    }

    private const string ByHash = "select id, account_id, kind, subject_id, created_at from marketplace.calendar_links where token_hash = @hash";

    private const string OfLink = BookingRows.Select + """
         where b.confirmed_at is not null and (b.state in ('confirmed', 'completed') or b.state = 'cancelled' and b.cancelled_at > @cancelledSince)
            and (@Kind = 'booking' or b.starts_at > @since)
            and (@Kind = 'provider' and b.provider_account_id = @account or @Kind = 'customer' and b.customer_id = @account
                or @Kind = 'booking' and b.id = @subject and @account in (b.customer_id, b.provider_account_id))
        order by b.starts_at, b.id limit @limit
        """;
}
