using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Suppressions;

/// <summary>Addresses that nothing is sent to, the newest first, by pages; one address by its whole text, or those of a person, a channel, a reason. Staff see e-mail addresses,
/// and of numbers the end.</summary>
public static class ListSuppressions
{
    private const int MaxPage = 100, MaxSearch = 254;

    /// <param name="Address">The e-mail address, or the end of the number.</param>
    /// <param name="AskedForIsSent">Whether what the person asks for themselves, such as a new password, is still tried.</param>
    /// <param name="Source">Who said so.</param>
    /// <param name="PersonId">Whose message it was.</param>
    /// <param name="DeliveryId">The message.</param>
    public sealed record View(SuppressionId Id, string Channel, string Address, SuppressionReason Reason, bool AskedForIsSent, string Source, Guid PersonId, DeliveryId DeliveryId, DateTimeOffset SuppressedAt);

    /// <param name="Next">Pass it as <c>after</c> for the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<View> Items, SuppressionId? Next);

    /// <param name="Search">A whole e-mail address, or a number in international form.</param>
    public sealed record Query(string? Search = null, Guid? Person = null, string? Channel = null, string? Reason = null, SuppressionId? After = null, int Limit = 50);

    internal static void Map(IEndpointRouteBuilder messaging) => messaging
        .MapGet("/suppressions", async (Database database, CancellationToken stop, string? search = null, Guid? person = null, string? channel = null, string? reason = null, SuppressionId? after = null, int limit = 50) =>
            Results.Json(await Run(database, new Query(search, person, channel, reason, after, limit), stop), JsonRules.Options))
        .WithName(nameof(ListSuppressions)).Requires(MessagingPermissions.SuppressionView).Produces<Page>();

    private sealed record Row(SuppressionId Id, string Channel, byte[] Address, string Hint, SuppressionReason Reason, string Source, Guid PersonId, DeliveryId DeliveryId, DateTimeOffset SuppressedAt);

    /// <summary>At most 100 entries older than the cursor. An unknown channel or reason finds nothing.</summary>
    public static async Task<Page> Run(Database database, Query query, CancellationToken stop)
    {
        var size = Math.Clamp(query.Limit, 1, MaxPage);
        var whole = query.Search?.Trim() is { Length: > 0 and <= MaxSearch } text ? text : null;
        byte[]? Key(string channel) => whole is null ? null : SuppressionList.Key(channel, whole);
        var rows = await database.List<Row>(Read, new { email = Key(SuppressionList.Email), sms = Key(SuppressionList.Sms), query.Person, query.Channel, query.Reason, query.After, limit = size + 1 }, stop);
        var open = await PersonKeys.Opener(database, rows.Where(r => r.Channel is SuppressionList.Email).Select(r => r.PersonId), stop);
        var items = rows.Take(size).Select(r => new View(r.Id, r.Channel, (r.Channel is SuppressionList.Email ? open(r.PersonId, r.Address)?.GetString() : null) ?? r.Hint, r.Reason, r.Reason.IsWish(), r.Source,
            r.PersonId, r.DeliveryId, r.SuppressedAt)).ToArray();
        return new Page(items, rows.Count > size ? items[^1].Id : null);
    }

    private const string Read = """
        select id, channel, address, hint, reason, source, person_id, delivery_id, suppressed_at from messaging.suppressions
        where (@email::bytea is null or address_key in (@email, @sms))
            and (@Person::uuid is null or person_id = @Person)
            and (@Channel::text is null or channel = @Channel)
            and (@Reason::text is null or reason = @Reason)
            and (@After::uuid is null or id < @After)
        order by id desc limit @limit
        """;
}
