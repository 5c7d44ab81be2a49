using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Reconciliation.Matching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Reconciliation;

/// <summary>A person takes an exception or gives it to a colleague, with the day it is due.</summary>
public static class AssignException
{
    /// <param name="OwnerId">Null gives it back to the team.</param>
    public sealed record Body(Guid? OwnerId, DateTimeOffset? DueAt, int Revision);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/reconciliation/exceptions/{id}/assign", async (MismatchId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body.OwnerId, body.DueAt, body.Revision, stop)).ToHttp())
        .WithName(nameof(AssignException)).Requires(MoneyPermissions.ReconciliationResolve);

    public static Task<Result<Done>> Run(Database database, Caller caller, MismatchId id, Guid? owner, DateTimeOffset? due, int revision, CancellationToken stop) =>
        database.InTransaction<Result<Done>>(async tx =>
        {
            if ((await Mismatch.Open(tx, id, revision)).Refusal is { } refusal) return refusal;
            await tx.ChangeOne("update money.reconciliation_exceptions set owner_id = @owner, due_at = coalesce(@due, due_at), revision = revision + 1 where id = @id and revision = @revision",
                new { id, owner, due, revision });
            await Mismatch.Note(tx, caller, id, "assigned", owner is { } person ? $"Given to {person}." : "Given back to the team.");
            await tx.Audit(caller, "reconciliation.assigned", "exception", id.ToString(), after: new { owner, due });
            return default(Done);
        }, stop);
}

/// <summary>A remark on an exception, open or closed.</summary>
public static class CommentException
{
    public sealed record Body(string Text);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/reconciliation/exceptions/{id}/comments", async (MismatchId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body.Text, stop)).ToHttp())
        .WithName(nameof(CommentException)).Requires(MoneyPermissions.ReconciliationResolve);

    public static Task<Result<Done>> Run(Database database, Caller caller, MismatchId id, string text, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (text.Trim() is not { Length: >= 1 and <= 500 } said) return MoneyRefusals.ReasonMissing;
        if (await tx.Find<int?>("select revision from money.reconciliation_exceptions where id = @id", new { id }) is null) return MoneyRefusals.MismatchNotFound;
        await Mismatch.Note(tx, caller, id, "comment", said);
        await tx.Audit(caller, "reconciliation.commented", "exception", id.ToString());
        return default(Done);
    }, stop);
}

/// <summary>open → explained: a person says why it does not agree. Nothing is booked by it.</summary>
public static class ExplainException
{
    public sealed record Body(string Reason, int Revision);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/reconciliation/exceptions/{id}/explain", async (MismatchId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body.Reason, body.Revision, stop)).ToHttp())
        .WithName(nameof(ExplainException)).Requires(MoneyPermissions.ReconciliationResolve);

    public static Task<Result<Done>> Run(Database database, Caller caller, MismatchId id, string reason, int revision, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (reason.Trim() is not { Length: >= 1 and <= 500 } why) return MoneyRefusals.ReasonMissing;
        var open = await Mismatch.Open(tx, id, revision);
        if (!open.Is(out var found, out var refusal)) return refusal;
        await tx.ChangeOne("""
            update money.reconciliation_exceptions set state = 'explained', closed_at = @now, closed_by = @by, reason = @why, revision = revision + 1 where id = @id and state = 'open'
            """, new { id, why, by = caller.AccountId, now = tx.Now });
        await Mismatch.Note(tx, caller, id, "explained", why);
        await tx.Audit(caller, "reconciliation.explained", "exception", id.ToString(), before: new { found.Class, found.ExpectedMinor, found.ReportedMinor }, after: new { state = "explained" }, why: why);
        if (found.LineId is { } line && await tx.ChangeNow("update money.report_lines set state = 'explained', class = null, how = 'person' where id = @line and state = 'open'", new { line }) == 1)
            await Outcomes.Moved(tx, [line]);
        return default(Done);
    }, stop);
}

/// <summary>The row of an exception, locked, with the revision that was seen.</summary>
internal sealed record Mismatch(MismatchId Id, string Class, string State, long? LineId, long ExpectedMinor, long ReportedMinor, int Revision)
{
    public static async Task<Result<Mismatch>> Open(Transaction tx, MismatchId id, int revision) => await tx.Find<Mismatch>("""
        select id, class, state, line_id, expected_minor, reported_minor, revision from money.reconciliation_exceptions where id = @id for update
        """, new { id }) switch
    {
        null => MoneyRefusals.MismatchNotFound,
        { State: not "open" } => MoneyRefusals.MismatchClosed,
        { } other when other.Revision != revision => MoneyRefusals.MismatchChangedMeanwhile,
        { } found => found,
    };

    public static Task Note(Transaction tx, Caller caller, MismatchId id, string kind, string text) => tx.ChangeOne("""
        insert into money.reconciliation_notes (exception_id, at, actor, kind, text) values (@id, @now, @actor, @kind, @text)
        """, new { id, now = tx.Now, actor = caller.Name ?? caller.AccountId?.ToString() ?? "anonymous", kind, text });
}
