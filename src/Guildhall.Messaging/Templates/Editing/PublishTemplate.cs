using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Templates.Editing;

/// <summary>A version comes into force: a new one, an older one again, or 0, the built-in words. Messages that are sent from now on have its words. A broken one does not.</summary>
public static class PublishTemplate
{
    /// <param name="Seen">The version that was in force when it was decided.</param>
    public sealed record Body(int Seen);

    internal static void Map(IEndpointRouteBuilder messaging) => messaging
        .MapPost("/templates/{name}/versions/{version:int}/actions/publish", async (string name, int version, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, name, version, body), stop)).ToHttp())
        .WithName(nameof(PublishTemplate)).Requires(MessagingPermissions.TemplateEdit).Produces(204);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, string name, int version, Body body)
    {
        if (Editable.Find(name) is not { } editable) return MessagingRefusals.TemplateNotFound;
        await tx.Change("select pg_advisory_xact_lock(hashtextextended('template:' || @name, 0))", new { name });
        var inForce = await tx.Find<int?>("select version from messaging.templates_in_force where template = @name", new { name }) ?? 0;
        if (inForce == version) return new Done();
        if (inForce != body.Seen) return MessagingRefusals.TemplateChangedMeanwhile;
        if (version != 0)
        {
            if (await tx.Find<string>("select words::text as words from messaging.template_versions where template = @name and version = @version", new { name, version }) is not { } stored) return MessagingRefusals.TemplateNotFound;
            if (EditedWords.Read(stored).Objections(editable) is { Count: > 0 } objections) return MessagingRefusals.TemplateBroken.Saying(string.Join(' ', objections)).With(("objections", objections));
        }
        if (version == 0) await tx.ChangeOne("delete from messaging.templates_in_force where template = @name", new { name });
        else await tx.ChangeOne(Put, new { name, version, now = tx.Now });
        await tx.Audit(caller, "template.published", "template", name, before: new { version = inForce }, after: new { version });
        return new Done();
    }

    private const string Put = """
        insert into messaging.templates_in_force (template, version, changed_at) values (@name, @version, @now)
        on conflict (template) do update set version = excluded.version, changed_at = excluded.changed_at
        """;
}
