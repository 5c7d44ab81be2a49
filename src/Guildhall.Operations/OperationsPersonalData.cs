using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Operations;

/// <summary>What this module holds about a person: the filters they saved as staff.</summary>
internal static class OperationsPersonalData
{
    public static PersonalData Part { get; } = new("operations", Read, PersonalData.NoObjection,
        (tx, person) => tx.Change("delete from operations.saved_filters where account_id = @person", new { person }));

    private sealed record Kept(string List, string Name, string Query, DateTimeOffset CreatedAt);

    private static async Task<object> Read(Database database, Guid person, CancellationToken stop) => new
    {
        savedFilters = await database.List<Kept>("select list, name, query, created_at from operations.saved_filters where account_id = @person order by id desc limit @most",
            new { person, most = PersonalData.Most }, stop),
    };
}
