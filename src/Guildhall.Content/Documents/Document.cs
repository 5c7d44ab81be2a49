using Guildhall.Content.Text;
using Guildhall.Foundation.Data;

namespace Guildhall.Content.Documents;

/// <summary>What the public sees of a document, and whether staff have written more.</summary>
public enum DocumentState { Draft, Published, Changed, Withdrawn }

/// <summary>A document's row.</summary>
internal sealed record Document(DocumentId Id, ContentKind Kind, string? Subject, int Revision, int? PublishedVersion, DateTimeOffset? FirstPublishedAt, DateTimeOffset? PublishedAt, int PreviewEpoch,
    DateTimeOffset CreatedAt, DateTimeOffset ChangedAt)
{
    private const string Columns = "select id, kind, subject, revision, published_version, first_published_at, published_at, preview_epoch, created_at, changed_at from content.documents where id = @id";

    public DocumentState State => (PublishedVersion, FirstPublishedAt) switch
    {
        ({ } version, _) => version == Revision ? DocumentState.Published : DocumentState.Changed,
        (null, null) => DocumentState.Draft,
        _ => DocumentState.Withdrawn,
    };

    public static Task<Document?> Find(Database database, DocumentId id, CancellationToken stop) => database.Find<Document>(Columns, new { id }, stop);

    /// <summary>With its row locked: whoever else changes it waits.</summary>
    public static Task<Document?> Lock(Transaction tx, DocumentId id) => tx.Find<Document>(Columns + " for update", new { id });
}

/// <summary>One version's row.</summary>
internal sealed record StoredVersion(int Version, string Texts, DateTimeOffset MadeAt, Guid? MadeBy, string? Note, int? RestoredFrom)
{
    private const string Columns = "select version, texts::text as texts, made_at, made_by, note, restored_from from content.versions where document_id = @id and version = @version";

    public DocumentTexts Words => DocumentTexts.Read(Texts);

    public static Task<StoredVersion?> Find(Database database, DocumentId id, int version, CancellationToken stop) => database.Find<StoredVersion>(Columns, new { id, version }, stop);

    public static Task<StoredVersion?> Find(Transaction tx, DocumentId id, int version) => tx.Find<StoredVersion>(Columns, new { id, version });
}
