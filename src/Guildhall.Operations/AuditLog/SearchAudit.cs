using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.AuditLog;

/// <summary>Searches the audit trail by actor, action, subject, person, time, address and text, newest first. Personal parts (and the search by
/// address, which opens them) need a permission of their own, and opening them is itself an entry.</summary>
public static class SearchAudit
{
    private const int DefaultSize = 50, MaxSize = 100, MaxWord = 100, LeastText = 3;

    /// <param name="Next">Give it as <c>before</c> for older entries; null at the end. A page may be short and yet have a next one.</param>
    public sealed record Page(IReadOnlyList<AuditQueries.Entry> Items, long? Next);

    /// <summary>What a search may say, from the query string.</summary>
    public sealed record Query
    {
        public Guid? Actor { get; init; }
        public string? Action { get; init; }
        public string? SubjectType { get; init; }
        public string? SubjectId { get; init; }
        public DateTimeOffset? From { get; init; }
        public DateTimeOffset? Until { get; init; }
        public long? Before { get; init; }
        public int? Limit { get; init; }
        public bool? Personal { get; init; }

        /// <summary>Entries by them, about them or with personal facts of theirs.</summary>
        public Guid? Person { get; init; }

        public string? Address { get; init; }
        public string? Text { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/audit", async ([AsParameters] Query query, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, query, stop)).ToHttp())
        .Produces<Page>().WithName(nameof(SearchAudit)).Requires(OperationsPermissions.AuditView);

    public static async Task<Result<Page>> Run(Database database, Caller caller, Query query, CancellationToken stop)
    {
        if (Objection(caller, query) is { } refusal) return refusal;
        var found = await AuditQueries.FindPage(database, Of(query), Math.Clamp(query.Limit ?? DefaultSize, 1, MaxSize), query.Personal is true, stop);
        var page = new Page(found.Entries, found.Next);
        if (query.Address is not null || (query.Personal is true && page.Items.Any(e => e.HasPersonal)))
            await database.InTransaction(tx => tx.Audit(caller, "audit.personal_opened", "audit", page.Items.Count == 0 ? "none" : $"{page.Items[^1].Id}-{page.Items[0].Id}"), stop);
        return page;
    }

    /// <summary>Why this search may not be made, or null.</summary>
    internal static Refusal? Objection(Caller caller, Query query)
    {
        if ((query.Personal is true || query.Address is not null) && !caller.May(OperationsPermissions.AuditPersonal))
            return FoundationRefusals.NotAllowed.With(("permission", OperationsPermissions.AuditPersonal.Name));
        var isTooLong = new[] { query.Action, query.SubjectType, query.SubjectId, query.Text, query.Address }.Any(w => w?.Length > MaxWord);
        var isOdd = query.Text?.Length < LeastText || query.Address is { } address && (address.Length == 0 || !address.All(c => char.IsAsciiHexDigit(c) || c is '.' or ':'));
        return isTooLong || isOdd || query.From >= query.Until ? OperationsRefusals.SearchTooLong : null;
    }

    internal static AuditQueries.Search Of(Query query) => new(query.Actor, query.Action, query.SubjectType, query.SubjectId, query.From, query.Until, query.Before,
        query.Person, query.Person is { } person ? new AccountId(person).ToString() : null, query.Address, query.Text);
}
