using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Messaging.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Templates.Editing;

/// <summary>One version of a template: its words, what keeps it from being published, how it reads in both languages, and every version there is.</summary>
public static class ReadTemplate
{
    private const int MostVersions = 100;

    /// <param name="RightToLeft">How it runs.</param>
    /// <param name="Parts">Of a text message, in how many parts it goes with these facts.</param>
    public sealed record Preview(string Language, bool RightToLeft, string Subject, IReadOnlyList<string> Paragraphs, string? Button, int? Parts);

    public sealed record Past(int Version, DateTimeOffset MadeAt, Guid MadeBy, string Why);

    /// <param name="Facts">What may stand in double braces.</param>
    /// <param name="InForce">0: the built-in words.</param>
    /// <param name="Objections">Sentences; none: it may be published.</param>
    /// <param name="Previews">With sample facts; none while there are objections.</param>
    public sealed record View(string Name, bool IsText, IReadOnlyList<string> Facts, int Version, int InForce, LanguageWords En, LanguageWords Ar, IReadOnlyList<string> Objections,
        IReadOnlyList<Preview> Previews, IReadOnlyList<Past> Versions);

    internal static void Map(IEndpointRouteBuilder messaging)
    {
        messaging.MapGet("/templates/{name}", async (string name, Database database, CancellationToken stop) => (await Run(database, name, null, stop)).ToHttp())
            .WithName(nameof(ReadTemplate)).Requires(MessagingPermissions.TemplateEdit).Produces<View>();
        messaging.MapGet("/templates/{name}/versions/{version:int}", async (string name, int version, Database database, CancellationToken stop) => (await Run(database, name, version, stop)).ToHttp())
            .WithName("ReadTemplateVersion").Requires(MessagingPermissions.TemplateEdit).Produces<View>();
    }

    /// <param name="version">Null: the one in force.</param>
    public static async Task<Result<View>> Run(Database database, string name, int? version, CancellationToken stop)
    {
        if (Editable.Find(name) is not { } editable) return MessagingRefusals.TemplateNotFound;
        var inForce = await database.Find<int>("select coalesce((select version from messaging.templates_in_force where template = @name), 0)", new { name }, stop);
        var shown = version ?? inForce;
        var stored = shown == 0 ? null : await database.Find<string>("select words::text as words from messaging.template_versions where template = @name and version = @shown", new { name, shown }, stop);
        if (shown != 0 && stored is null) return MessagingRefusals.TemplateNotFound;
        var words = stored is { } json ? EditedWords.Read(json) : EditedWords.Of(editable);
        var objections = words.Objections(editable);
        var versions = await database.List<Past>("select version, made_at, made_by, why from messaging.template_versions where template = @name order by version desc limit @most", new { name, most = MostVersions }, stop);
        return new View(name, editable.IsText, editable.Facts, shown, inForce, words.En, words.Ar, objections, objections.Count > 0 ? [] : [Show(editable, words, false), Show(editable, words, true)], versions);
    }

    private static Preview Show(Editable editable, EditedWords words, bool arabic)
    {
        var (parsed, facts) = (EditedWords.Parsed(words.In(arabic)), SampleFacts.For(editable, arabic));
        string Fill(string text) => editable.IsText ? Rendering.Plain(text, facts) : Rendering.Fill(text, facts, arabic);
        var paragraphs = parsed.Lines.Select(Fill).ToArray();
        return new Preview(arabic ? "ar" : "en", arabic, Fill(parsed.Subject), paragraphs, parsed.Button, editable.IsText ? TextParts.Of(paragraphs[0]) : null);
    }
}
