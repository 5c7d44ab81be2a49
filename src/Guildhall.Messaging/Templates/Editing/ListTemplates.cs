using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Templates.Editing;

/// <summary>Every template with the version in force.</summary>
public static class ListTemplates
{
    /// <param name="InForce">0: the built-in words.</param>
    /// <param name="Versions">How many were saved.</param>
    public sealed record Item(string Name, bool IsText, string Subject, int InForce, long Versions, DateTimeOffset? ChangedAt);

    private sealed record Row(string Template, int? Version, DateTimeOffset? ChangedAt, long Versions);

    internal static void Map(IEndpointRouteBuilder messaging) => messaging
        .MapGet("/templates", async (Database database, CancellationToken stop) => Results.Json(await Run(database, stop), JsonRules.Options))
        .WithName(nameof(ListTemplates)).Requires(MessagingPermissions.TemplateEdit).Produces<IReadOnlyList<Item>>();

    public static async Task<IReadOnlyList<Item>> Run(Database database, CancellationToken stop)
    {
        var rows = (await database.List<Row>(Read, stop: stop)).ToDictionary(r => r.Template, StringComparer.Ordinal);
        return [.. Editable.All.Select(e => (Editable: e, Row: rows.GetValueOrDefault(e.Key))).Select(t =>
            new Item(t.Editable.Key, t.Editable.IsText, t.Editable.IsText ? t.Editable.En.Lines[0] : t.Editable.En.Subject, t.Row?.Version ?? 0, t.Row?.Versions ?? 0, t.Row?.ChangedAt))];
    }

    private const string Read = """
        select v.template, f.version, f.changed_at, count(*) as versions from messaging.template_versions v left join messaging.templates_in_force f on f.template = v.template
        group by v.template, f.version, f.changed_at order by v.template limit 1000
        """;
}
