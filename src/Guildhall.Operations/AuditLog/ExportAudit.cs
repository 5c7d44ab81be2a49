using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.AuditLog;

/// <summary>The same as a search, as a file: a table or JSON, newest first, at most 100,000 entries, written as they are read. The export is an entry
/// itself before its first line leaves.</summary>
public static class ExportAudit
{
    private const int MaxRows = 100_000, Batch = 1000;
    private static readonly RouteTime Time = new(TimeSpan.FromMinutes(5));

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/audit.csv", ([AsParameters] SearchAudit.Query query, Caller caller, Database database, HttpContext http) => Run(database, caller, query, http, isTable: true))
            .WithName(nameof(ExportAudit)).Requires(OperationsPermissions.AuditExport).UnderQuota(Quotas.Exports).Produces(200, contentType: "text/csv").WithMetadata(Time);
        admin.MapGet("/audit.json", ([AsParameters] SearchAudit.Query query, Caller caller, Database database, HttpContext http) => Run(database, caller, query, http, isTable: false))
            .WithName("ExportAuditJson").Requires(OperationsPermissions.AuditExport).UnderQuota(Quotas.Exports).Produces<IReadOnlyList<AuditQueries.Entry>>().WithMetadata(Time);
    }

    /// <summary>Writes the file as the answer.</summary>
    public static async Task Run(Database database, Caller caller, SearchAudit.Query query, HttpContext http, bool isTable)
    {
        if (SearchAudit.Objection(caller, query) is { } refusal)
        {
            await Problems.Write(http, refusal);
            return;
        }
        var stop = http.RequestAborted;
        await database.InTransaction(tx => tx.Audit(caller, "audit.exported", "audit", isTable ? "csv" : "json", after: query with { Limit = null, Before = null }), stop);
        http.Response.ContentType = isTable ? "text/csv; charset=utf-8" : "application/json; charset=utf-8";
        http.Response.Headers.ContentDisposition = isTable ? "attachment; filename=audit.csv" : "attachment; filename=audit.json";
        var (written, search) = (0, SearchAudit.Of(query));
        await http.Response.WriteAsync(isTable ? Head : "[", stop);
        for (var more = true; more && written < MaxRows;)
        {
            var page = await AuditQueries.FindPage(database, search, Batch, query.Personal is true, stop);
            await http.Response.WriteAsync(isTable ? Table(page.Entries) : Json(page.Entries, isFirst: written == 0), stop);
            written += page.Entries.Count;
            more = page.Next is not null;
            search = search with { Before = page.Next };
        }
        if (!isTable) await http.Response.WriteAsync("]", stop);
    }

    private static readonly string Head = new Csv().Row("id", "at_utc", "actor_kind", "actor", "actor_name", "session", "request", "action", "outcome", "subject", "subject_id", "why",
        "before", "after", "in_chain", "personal", "place").ToString();

    private static string Table(IReadOnlyList<AuditQueries.Entry> entries)
    {
        var csv = new Csv();
        foreach (var e in entries)
            csv.Row(e.Id, e.At, e.ActorKind, e.ActorId, e.ActorName, e.SessionId, e.RequestId, e.Action, e.Outcome, e.SubjectType, e.SubjectId, e.Why, Raw(e.Before), Raw(e.After),
                e.Sealed ? "yes" : "no", Raw(e.Personal), Raw(e.Place));
        return csv.ToString();
    }

    private static string Json(IReadOnlyList<AuditQueries.Entry> entries, bool isFirst) =>
        string.Concat(entries.Select((e, i) => (isFirst && i == 0 ? "\n" : ",\n") + JsonSerializer.Serialize(e, JsonRules.Options)));

    private static string? Raw(JsonElement? value) => value?.GetRawText();
}
