using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Messaging.Templates;
using Guildhall.Messaging.Templates.Editing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Inbox;

/// <summary>A person's notices, newest first, in the language the person reads now.</summary>
public static class ReadInbox
{
    private const int DefaultSize = 20, MaxSize = 100;

    /// <param name="Link">A path of the product, or null.</param>
    public sealed record Entry(NoticeId Id, string Template, string Title, string Text, string? Link, DateTimeOffset At, bool Read);

    /// <param name="Next">Give it as <c>after</c> for older ones; null at the end.</param>
    public sealed record Page(IReadOnlyList<Entry> Items, NoticeId? Next, long Unread);

    private sealed record Row(NoticeId Id, string Template, JsonElement Facts, JsonElement? Words, DateTimeOffset CreatedAt, DateTimeOffset? ReadAt);
    private sealed record Reader(string DisplayName, string Language);

    internal static void Map(IEndpointRouteBuilder inbox) => inbox
        .MapGet("", async (Caller caller, Database database, CancellationToken stop, string? after = null, int limit = DefaultSize) =>
            after is not null && !Id.TryParse<NoticeId>(after, out _)
                ? MessagingRefusals.CursorInvalid.ToHttp()
                : TypedResults.Json(await Run(database, caller.AccountId!.Value, Id.TryParse<NoticeId>(after, out var cursor) ? cursor : null, limit, stop), JsonRules.Options))
        .Produces<Page>().WithName(nameof(ReadInbox)).RequiresSignIn();

    /// <summary>At most 100 entries older than the cursor.</summary>
    public static async Task<Page> Run(Database database, Guid person, NoticeId? after, int limit, CancellationToken stop)
    {
        var size = Math.Clamp(limit, 1, MaxSize);
        var reader = await database.Find<Reader>("select display_name, language from messaging.recipients where person_id = @person", new { person }, stop) ?? new Reader("", "en");
        var rows = await database.List<Row>(PageSql, new { person, after, limit = size + 1 }, stop);
        var unread = await Unread(database, person, stop);
        return new Page([.. rows.Take(size).Select(row => Show(row, reader))], rows.Count > size ? rows[size - 1].Id : null, unread);
    }

    /// <summary>How many notices the person has not read.</summary>
    public static Task<long> Unread(Database database, Guid person, CancellationToken stop) =>
        database.Find<long>("select count(*) from messaging.notices where person_id = @person and read_at is null and shown", new { person }, stop);

    private static Entry Show(Row row, Reader reader)
    {
        var facts = row.Facts.Deserialize<Dictionary<string, string>>()!;
        facts["name"] = reader.DisplayName;
        var (title, text) = Rendering.Notice(EditedWords.Apply(TemplateBook.Get(row.Template), row.Words), reader.Language, facts);
        return new Entry(row.Id, row.Template, title, text, facts.GetValueOrDefault("link"), row.CreatedAt, row.ReadAt is not null);
    }

    private const string PageSql = """
        select n.id, n.template, n.facts::text as facts, v.words::text as words, n.created_at, n.read_at
        from messaging.notices n left join messaging.templates_in_force f on f.template = n.template left join messaging.template_versions v on v.template = f.template and v.version = f.version
        where n.person_id = @person and n.shown and (@after::uuid is null or n.id < @after) order by n.id desc limit @limit
        """;
}
