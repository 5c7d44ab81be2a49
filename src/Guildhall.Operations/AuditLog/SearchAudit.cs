using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.AuditLog;

/// <summary>Searches the audit trail by actor, action, subject and time, newest first. Personal parts need a permission of their own, and
/// opening them is itself an entry.</summary>
public static class SearchAudit
{
    private const int DefaultSize = 50, MaxSize = 100, MaxWord = 100;

    /// <param name="Next">Give it as <c>before</c> for older entries; null at the end.</param>
    public sealed record Page(IReadOnlyList<AuditQueries.Entry> Items, long? Next);

    /// <summary>What a search may say, from the query string.</summary>
    public sealed record Query(Guid? Actor, string? Action, string? SubjectType, string? SubjectId, DateTimeOffset? From, DateTimeOffset? Until, long? Before, int? Limit, bool? Personal);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/audit", async ([AsParameters] Query query, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, query, stop)).ToHttp())
        .Produces<Page>().WithName(nameof(SearchAudit)).Requires(OperationsPermissions.AuditView);

    public static async Task<Result<Page>> Run(Database database, Caller caller, Query query, CancellationToken stop)
    {
        var personal = query.Personal is true;
        if (personal && !caller.May(OperationsPermissions.AuditPersonal)) return FoundationRefusals.NotAllowed.With(("permission", OperationsPermissions.AuditPersonal.Name));
        if (new[] { query.Action, query.SubjectType, query.SubjectId }.Any(w => w?.Length > MaxWord) || query.From >= query.Until) return OperationsRefusals.SearchTooLong;

        var size = Math.Clamp(query.Limit ?? DefaultSize, 1, MaxSize);
        var search = new AuditQueries.Search(query.Actor, query.Action, query.SubjectType, query.SubjectId, query.From, query.Until, query.Before);
        var entries = await AuditQueries.Find(database, search, size + 1, personal, stop);
        var page = new Page([.. entries.Take(size)], entries.Count > size ? entries[size - 1].Id : null);
        if (personal && page.Items.Any(e => e.HasPersonal))
            await database.InTransaction(tx => tx.Audit(caller, "audit.personal_opened", "audit", $"{page.Items[^1].Id}-{page.Items[0].Id}"), stop);
        return page;
    }
}
