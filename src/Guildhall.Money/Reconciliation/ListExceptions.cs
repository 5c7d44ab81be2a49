using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Reconciliation;

public enum ExceptionState { Open, Explained, Resolved }

/// <summary>Something that does not agree. Expected is what we have (of a changed fee what the rule says), reported what the other side says.</summary>
/// <param name="Subject">Our id of what it is about, when it is ours.</param>
/// <param name="Row">The reporter's id of the row, when there is one.</param>
/// <param name="Team">Who owns it until a person does.</param>
public sealed record ExceptionView(MismatchId Id, ReconciliationId Run, string Source, string Class, ExceptionState State, string? SubjectKind, string? Subject, string? Row, string? RowKind,
    string? RowText, Amount Expected, Amount Reported, string Team, Guid? OwnerId, DateTimeOffset DueAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Reason, int Revision);

/// <summary>What does not agree, the soonest due first; filtered by source, class, state (open when not said), run and owner. Keyset: pass the last id as
/// <c>after</c>. The same as CSV.</summary>
public static class ListExceptions
{
    public const int PageSize = 50;
    private const int MaxExport = 50_000;

    public sealed record Page(IReadOnlyList<ExceptionView> Exceptions, string? Next);

    /// <param name="Owner">Only those of this person.</param>
    public sealed record Filter(string? Source = null, string? Class = null, string? State = null, ReconciliationId? Run = null, Guid? Owner = null);

    private sealed record Row(MismatchId Id, ReconciliationId ReconciliationId, string Source, string Class, ExceptionState State, string? SubjectKind, Guid? SubjectId, string? ExternalId, string? RowKind,
        string? RowText, Currency Currency, long ExpectedMinor, long ReportedMinor, string Team, Guid? OwnerId, DateTimeOffset DueAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Reason,
        int Revision);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/reconciliation/exceptions", async (string? source, string? @class, string? state, ReconciliationId? run, Guid? owner, MismatchId? after, Database database, CancellationToken stop) =>
                TypedResults.Ok(await Run(database, new Filter(source, @class, state, run, owner), after, stop)))
            .WithName(nameof(ListExceptions)).Requires(MoneyPermissions.ReconciliationView).Produces<Page>();
        admin.MapGet("/reconciliation/exceptions.csv", async (string? source, string? @class, string? state, ReconciliationId? run, Guid? owner, Database database, CancellationToken stop) =>
                Results.File(await Csv(database, new Filter(source, @class, state, run, owner), stop), "text/csv; charset=utf-8", "exceptions.csv"))
            .WithName("ExportExceptions").Requires(MoneyPermissions.ReconciliationView).UnderQuota(Quotas.Exports);
    }

    public static async Task<Page> Run(Database database, Filter filter, MismatchId? after, CancellationToken stop)
    {
        var rows = await Read(database, filter, after, PageSize + 1, stop);
        return new Page([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString() : null);
    }

    public static async Task<ExceptionView?> One(Database database, MismatchId id, CancellationToken stop) =>
        await database.Find<Row>($"{Select} where e.id = @id", new { id }, stop) is { } row ? View(row) : null;

    /// <param name="Kind"><c>assigned</c>, <c>comment</c>, <c>explained</c> or <c>repaired</c>.</param>
    public sealed record Note(DateTimeOffset At, string Actor, string Kind, string Text);

    public static Task<IReadOnlyList<Note>> Notes(Database database, MismatchId id, CancellationToken stop) =>
        database.List<Note>("select at, actor, kind, text from money.reconciliation_notes where exception_id = @id order by id limit 500", new { id }, stop);

    /// <summary>At most 50,000 rows, as UTF-8 with a byte order mark. A text that a spreadsheet would calculate is quoted with an apostrophe.</summary>
    public static async Task<byte[]> Csv(Database database, Filter filter, CancellationToken stop)
    {
        var csv = new Csv().Row("\uFEFFid", "run", "source", "class", "state", "subject", "row", "currency", "expected", "reported", "team", "owner", "due_at", "opened_at", "closed_at", "reason");
        foreach (var e in await Read(database, filter, null, MaxExport, stop))
            csv.Row(e.Id, e.Run, e.Source, e.Class, Names.Of(e.State), e.Subject, e.Row, e.Expected.Currency.Code, e.Expected, e.Reported, e.Team,
                e.OwnerId, Time(e.DueAt), Time(e.OpenedAt), e.ClosedAt is { } closed ? Time(closed) : null, e.Reason);
        return csv.ToBytes();
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<ExceptionView>> Read(Database database, Filter filter, MismatchId? after, int limit, CancellationToken stop)
    {
        var state = filter.State is "all" ? null : filter.State ?? "open";
        return [.. (await database.List<Row>($"""
            {Select}
            where (@state is null or e.state = @state) and (@Source is null or e.source = @Source) and (@Class is null or e.class = @Class) and (@Run is null or e.reconciliation_id = @Run)
                and (@Owner is null or e.owner_id = @Owner) and (@after is null or (e.due_at, e.id) > (select a.due_at, a.id from money.reconciliation_exceptions a where a.id = @after))
            order by e.due_at, e.id limit @limit
            """, new { state, filter.Source, filter.Class, filter.Run, filter.Owner, after, limit }, stop)).Select(View)];
    }

    private static ExceptionView View(Row r) => new(r.Id, r.ReconciliationId, r.Source, r.Class, r.State, r.SubjectKind, Subject(r.SubjectKind, r.SubjectId), r.ExternalId, r.RowKind, r.RowText,
        new Amount(r.ExpectedMinor, r.Currency), new Amount(r.ReportedMinor, r.Currency), r.Team, r.OwnerId, r.DueAt, r.OpenedAt, r.ClosedAt, r.Reason, r.Revision);

    private static string? Subject(string? kind, Guid? id) => (kind, id) switch
    {
        ("payment", { } payment) => new PaymentId(payment).ToString(),
        ("refund" or "refund_back", { } refund) => new RefundId(refund).ToString(),
        ("payout" or "payout_back", { } payout) => new PayoutId(payout).ToString(),
        ("dispute" or "dispute_back", { } dispute) => new DisputeId(dispute).ToString(),
        (_, { } other) => other.ToString(),
        _ => null,
    };

    private const string Select = """
        select e.id, e.reconciliation_id, e.source, e.class, e.state, e.subject_kind, e.subject_id, l.external_id, l.kind as row_kind, l.text as row_text, e.currency, e.expected_minor, e.reported_minor,
            e.team, e.owner_id, e.due_at, e.opened_at, e.closed_at, e.reason, e.revision
        from money.reconciliation_exceptions e left join money.report_lines l on l.id = e.line_id
        """;
}
