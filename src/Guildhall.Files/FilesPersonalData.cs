using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Files;

/// <summary>What this module holds about a person: the files they put in. Erased, the names go at once and the bytes within the hour.</summary>
internal static class FilesPersonalData
{
    public static PersonalData Part { get; } = new("files", Read, PersonalData.NoObjection, Erase);

    private sealed record Entry(string Subject, string Name, string ContentType, int Bytes, string Kind, string State, DateTimeOffset SignedAt);

    private static async Task<object> Read(Database database, Guid person, CancellationToken stop) => new
    {
        uploads = await database.List<Entry>("select subject, name, content_type, bytes, kind, state, signed_at from files.uploads where owner_id = @person order by id desc limit @most",
            new { person, most = PersonalData.Most }, stop),
    };

    private static Task Erase(Transaction tx, Guid person) => tx.Change("""
        update files.uploads set state = 'erased', name = 'erased', reason = null, sha256 = null,
            preview = 'none', preview_reason = null, shown_sha256 = null, shown_bytes = null, small_sha256 = null, small_bytes = null,
            ended_at = coalesce(ended_at, @now), cleared_at = null where owner_id = @person
        """, new { person, now = tx.Now });
}
