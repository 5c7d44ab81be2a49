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

/// <summary>Saves words as a new version, which nobody outside sees before it is published; also words that are not finished. Who has not seen the newest version is refused with what it is.</summary>
public static class SaveDocument
{
    private const int MostVersions = 10_000, MostNote = 500;

    /// <param name="Seen">The newest version when it was written.</param>
    /// <param name="Note">What changed, at most 500 characters; may be absent.</param>
    public sealed record Body(int Seen, DocumentTexts Texts, string? Note = null);

    /// <param name="Objections">What keeps it from being published, as sentences; none: it may be.</param>
    public sealed record Saved(DocumentId Id, int Version, IReadOnlyList<string> Objections);

    internal static void Map(IEndpointRouteBuilder content) => content
        .MapPost("/{id}/versions", async (DocumentId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, id, body), stop)).ToHttp(success: 201))
        .WithName(nameof(SaveDocument)).Requires(ContentPermissions.Edit).Produces<Saved>(201);

    public static async Task<Result<Saved>> Run(Transaction tx, Caller caller, DocumentId id, Body body)
    {
        if (await Document.Lock(tx, id) is not { } document) return ContentRefusals.NotFound;
        if (!Read(document.Kind, body.Texts, body.Note).Is(out var written, out var refusal)) return refusal;
        return await Add(tx, caller, document, body.Seen, written, restoredFrom: null);
    }

    internal sealed record Written(DocumentTexts Texts, string? Note);

    /// <summary>The words as they are kept, or why they cannot be.</summary>
    internal static Result<Written> Read(ContentKind kind, DocumentTexts texts, string? note)
    {
        if (TextRules.Refuse(kind, texts) is { } why) return ContentRefusals.TextInvalid.Saying(why);
        if (note is not null && (note.Length > MostNote || !TextRules.CanBeShown(note))) return ContentRefusals.TextInvalid.Saying($"A note has at most {MostNote} characters.");
        return new Written(texts.Tidy(), note?.Trim() is { Length: > 0 } said ? said : null);
    }

    /// <summary>The next version of a locked document; the same words as the newest are none.</summary>
    internal static async Task<Result<Saved>> Add(Transaction tx, Caller caller, Document document, int seen, Written written, int? restoredFrom)
    {
        var newest = (await StoredVersion.Find(tx, document.Id, document.Revision))!;
        var objections = TextRules.Objections(document.Kind, written.Texts);
        if (newest.Words == written.Texts) return new Saved(document.Id, document.Revision, objections);
        if (document.Revision != seen) return ContentRefusals.ChangedMeanwhile.With(("version", document.Revision), ("madeAt", newest.MadeAt));
        if (document.Revision == MostVersions) return ContentRefusals.TooManyVersions;
        var version = document.Revision + 1;
        await tx.ChangeOne(InsertVersion, new { id = document.Id, version, texts = new Jsonb(written.Texts), now = tx.Now, by = caller.AccountId, written.Note, restoredFrom });
        await tx.ChangeOne("update content.documents set revision = @version, changed_at = @now where id = @id and revision = @seen", new { id = document.Id, version, seen, now = tx.Now });
        await tx.Audit(caller, restoredFrom is null ? "content.saved" : "content.restored", "content", document.Id.ToString(), before: new { version = seen }, after: new { version, restoredFrom }, why: written.Note);
        return new Saved(document.Id, version, objections);
    }

    internal const string InsertVersion = """
        insert into content.versions (document_id, version, texts, made_at, made_by, note, restored_from) values (@id, @version, @texts, @now, @by, @Note, @restoredFrom)
        """;
}
