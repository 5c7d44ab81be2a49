using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Documents;

/// <summary>A new document with its first version, a draft.</summary>
public static class CreateDocument
{
    /// <param name="Subject">The service of a service text, <c>header</c> or <c>footer</c> of a menu, <c>site</c> of the settings; absent for other kinds.</param>
    public sealed record Body(ContentKind Kind, DocumentTexts Texts, string? Subject = null, string? Note = null);

    internal static void Map(IEndpointRouteBuilder content) => content
        .MapPost("", async (Body body, Caller caller, Database database, CancellationToken stop) => (await database.InTransaction(tx => Run(tx, caller, body), stop)).ToHttp(success: 201))
        .WithName(nameof(CreateDocument)).Requires(ContentPermissions.Edit).Produces<SaveDocument.Saved>(201);

    public static async Task<Result<SaveDocument.Saved>> Run(Transaction tx, Caller caller, Body body)
    {
        if (!body.Kind.SubjectFits(body.Subject)) return ContentRefusals.SubjectInvalid;
        if (!SaveDocument.Read(body.Kind, body.Texts, body.Note).Is(out var written, out var refusal)) return refusal;
        var id = tx.NewId<DocumentId>();
        if (await tx.ChangeNow(Insert, new { id, body.Kind, body.Subject, now = tx.Now }) == 0)
        {
            var there = await tx.Get<DocumentId>("select id from content.documents where kind = @Kind and subject = @Subject", new { body.Kind, body.Subject });
            return ContentRefusals.SubjectTaken.With(("document", there.ToString()));
        }
        await tx.ChangeOne(SaveDocument.InsertVersion, new { id, version = 1, texts = new Jsonb(written.Texts), now = tx.Now, by = caller.AccountId, written.Note, restoredFrom = (int?)null });
        await tx.Audit(caller, "content.created", "content", id.ToString(), after: new { kind = body.Kind, subject = body.Subject, version = 1 }, why: written.Note);
        return new SaveDocument.Saved(id, 1, TextRules.Objections(body.Kind, written.Texts));
    }

    private const string Insert = """
        insert into content.documents (id, kind, subject, revision, created_at, changed_at) values (@id, @Kind, @Subject, 1, @now, @now)
        on conflict (kind, subject) where subject is not null do nothing
        """;
}
