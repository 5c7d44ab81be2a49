using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Templates.Editing;

/// <summary>Saves words as a new version, which is sent to nobody before it is published. Also one that is broken: it is looked at, mended and saved again.</summary>
public static class SaveTemplate
{
    private const int MostText = 12_000, MostLine = 500, MostVersions = 10_000;

    /// <param name="Why">3 to 500 characters.</param>
    public sealed record Body(LanguageWords En, LanguageWords Ar, string Why);

    public sealed record Saved(int Version, IReadOnlyList<string> Objections);

    internal static void Map(IEndpointRouteBuilder messaging) => messaging
        .MapPost("/templates/{name}/versions", async (string name, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, name, body), stop)).ToHttp(success: 201))
        .WithName(nameof(SaveTemplate)).Requires(MessagingPermissions.TemplateEdit).Produces<Saved>(201);

    public static async Task<Result<Saved>> Run(Transaction tx, Caller caller, string name, Body body)
    {
        if (Editable.Find(name) is not { } editable) return MessagingRefusals.TemplateNotFound;
        if (body.Why.Trim() is not { Length: >= 3 and <= 500 } why || TooLong(body.En) || TooLong(body.Ar)) return MessagingRefusals.TemplateInvalid;
        // A subject is one line: there is nothing to mend about a header that somebody tried to add.
        if (body.En.Subject.Any(char.IsControl) || body.Ar.Subject.Any(char.IsControl)) return MessagingRefusals.TemplateInvalid;
        var words = new EditedWords(body.En, body.Ar);
        await tx.Change("select pg_advisory_xact_lock(hashtextextended('template:' || @name, 0))", new { name });
        var version = await tx.Get<int>("select coalesce(max(version), 0) + 1 as next from messaging.template_versions where template = @name", new { name });
        if (version > MostVersions) return MessagingRefusals.TemplateInvalid;
        await tx.ChangeOne(Add, new { name, version, words = new Jsonb(words), by = caller.AccountId, why, now = tx.Now });
        await tx.Audit(caller, "template.saved", "template", name, after: new { version }, why: why);
        return new Saved(version, words.Objections(editable));
    }

    private static bool TooLong(LanguageWords words) => words.Text.Length > MostText || words.Subject.Length > MostLine || words.Button.Length > MostLine;

    private const string Add = """
        insert into messaging.template_versions (template, version, words, made_at, made_by, why) values (@name, @version, @words, @now, @by, @why)
        """;
}
