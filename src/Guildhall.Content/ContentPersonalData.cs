using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Content;

/// <summary>What this module holds about a person: which versions a member of staff wrote, and what they scheduled.</summary>
internal static class ContentPersonalData
{
    public static PersonalData Part { get; } = new("content", Read, PersonalData.NoObjection, Erase);

    private sealed record Wrote(string Kind, int Version, DateTimeOffset MadeAt, string? Note);
    private sealed record Scheduled(string Act, string WallTime, string Zone, string State);

    private static async Task<object> Read(Database database, Guid person, CancellationToken stop)
    {
        var args = new { person, most = PersonalData.Most };
        return new
        {
            wrote = await database.List<Wrote>("""
                select d.kind, v.version, v.made_at, v.note from content.versions v join content.documents d on d.id = v.document_id where v.made_by = @person order by v.made_at desc limit @most
                """, args, stop),
            scheduled = await database.List<Scheduled>("select act, wall_time, zone, state from content.schedules where made_by = @person order by made_at desc limit @most", args, stop),
        };
    }

    // The words are the site's. The id that stays beside them names nobody once the account is erased.
    private static Task Erase(Transaction tx, Guid person) => Task.CompletedTask;
}
