using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Messaging.Preferences;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Delivery;

/// <summary>Messages, the newest first, by pages: those of a person, a template, a channel, a state.</summary>
public static class ListDeliveries
{
    private const int MaxPage = 100, MaxSearch = 254;

    /// <param name="To">The end of the number, or the kind of device; null for mail.</param>
    /// <param name="Reason">Why it was not sent, or why it waits.</param>
    public sealed record View(DeliveryId Id, Guid PersonId, string Channel, string Template, MessageCategory? Category, DeliveryState State, string? Reason, int Attempts, string? To, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt);

    /// <param name="Next">Pass it as <c>after</c> for the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<View> Items, DeliveryId? Next);

    /// <param name="Person">An account's id, or the whole e-mail address that it has now.</param>
    public sealed record Query(string? Person = null, string? Template = null, string? Channel = null, string? State = null, DeliveryId? After = null, int Limit = 50);

    internal static void Map(IEndpointRouteBuilder messaging) => messaging
        .MapGet("/deliveries", async (Database database, CancellationToken stop, string? person = null, string? template = null, string? channel = null, string? state = null, DeliveryId? after = null, int limit = 50) =>
            Results.Json(await Run(database, new Query(person, template, channel, state, after, limit), stop), JsonRules.Options))
        .WithName(nameof(ListDeliveries)).Requires(MessagingPermissions.DeliveryView).Produces<Page>();

    /// <summary>At most 100 entries older than the cursor. An unknown person, template, channel or state finds nothing.</summary>
    public static async Task<Page> Run(Database database, Query query, CancellationToken stop)
    {
        var size = Math.Clamp(query.Limit, 1, MaxPage);
        var (asked, person) = (query.Person?.Trim() is { Length: > 0 and <= MaxSearch } text ? text : null, (Guid?)null);
        if (asked is not null && (person = await Person(database, asked, stop)) is null) return new Page([], null);
        var rows = await database.List<View>(Read, new { person, query.Template, query.Channel, query.State, query.After, limit = size + 1 }, stop);
        return new Page([.. rows.Take(size)], rows.Count > size ? rows[size - 1].Id : null);
    }

    private static async Task<Guid?> Person(Database database, string asked, CancellationToken stop)
    {
        if (Foundation.Id.TryParse<PersonId>(asked, out var account)) return account.Value;
        return Guid.TryParse(asked, out var id) ? id : await database.Find<Guid?>("select person_id from messaging.recipients where lower(email) = lower(@asked) limit 1", new { asked }, stop);
    }

    private const string Read = """
        select id, person_id, channel, template, category, state, reason, attempts, to_hint as to, created_at, changed_at from messaging.deliveries
        where (@person::uuid is null or person_id = @person)
            and (@Template::text is null or template = @Template)
            and (@Channel::text is null or channel = @Channel)
            and (@State::text is null or state = @State)
            and (@After::uuid is null or id < @After)
        order by id desc limit @limit
        """;
}
