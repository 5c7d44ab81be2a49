using Guildhall.Foundation.Data;

namespace Guildhall.Money.Reconciliation;

/// <summary>receiving → held (a preview that waits for a person) or matching → repairing → comparing → done. Lost: the rows went with a crash of the
/// database or were never given whole; the report can be given in again.</summary>
public enum RunState { Receiving, Held, Matching, Repairing, Comparing, Done, Discarded, Lost }

public enum ReportSide { Gateway, Bank }

public enum ReportFormat { Api, StripeCsv, PlainCsv, Camt053 }

/// <summary>A run as it stands.</summary>
internal sealed record Run(ReconciliationId Id, string Source, ReportSide Side, ReportFormat Format, string Name, RunState State, DateTimeOffset? FromAt, DateTimeOffset? ToAt,
    string? CursorText, int Rows, int DoneRows, int Repaired, string? Note, Guid? StartedBy, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt)
{
    public bool IsMoving => State is RunState.Receiving or RunState.Matching or RunState.Repairing or RunState.Comparing;
}

internal static class Runs
{
    public const string Columns = "id, source, side, format, name, state, from_at, to_at, cursor_text, rows, done_rows, repaired, note, started_by, started_at, finished_at";

    public static Task<Run?> Find(Database database, ReconciliationId id, CancellationToken stop) =>
        database.Find<Run>($"select {Columns} from money.reconciliations where id = @id", new { id }, stop);

    public static Task<Run?> Lock(Transaction tx, ReconciliationId id) =>
        tx.Find<Run>($"select {Columns} from money.reconciliations where id = @id for update", new { id });

    public static Task Open(Transaction tx, Run run, byte[] fingerprint, DateTimeOffset? lease = null) => tx.ChangeOne("""
        insert into money.reconciliations (id, source, side, format, name, fingerprint, state, from_at, to_at, lease_until, started_by, started_at, changed_at)
        values (@Id, @Source, @Side, @Format, @Name, @fingerprint, 'receiving', @FromAt, @ToAt, @lease, @StartedBy, @now, @now)
        """, new { run.Id, run.Source, run.Side, run.Format, run.Name, fingerprint, run.FromAt, run.ToAt, lease, run.StartedBy, now = tx.Now });

    /// <summary>One of the states of a run to the next; nothing else may have moved it meanwhile.</summary>
    public static Task Move(Transaction tx, ReconciliationId id, RunState from, RunState to, string? note = null) => tx.ChangeOne("""
        update money.reconciliations set state = @to, note = coalesce(@note, note), changed_at = @now, finished_at = case when @to = 'done' then @now end where id = @id and state = @start
        """, new { id, start = from, to, note, now = tx.Now });
}
