namespace Guildhall.Foundation.Data;

/// <summary>Stands on the line between a node and PostgreSQL: told before and after every round trip, including commits, and shown the text of every
/// statement. The tests that interleave, crash and plant bugs have one; the product has none.</summary>
internal abstract class DatabaseTap
{
    /// <summary>What PostgreSQL is given for this statement.</summary>
    public virtual string Text(string sql) => sql;

    /// <summary>A round trip is about to be made. What it throws ends the work as if the line were cut before PostgreSQL heard of it.</summary>
    public virtual ValueTask Before(string what) => ValueTask.CompletedTask;

    /// <summary>PostgreSQL has done it. What it throws ends the work as if the answer were lost.</summary>
    public virtual ValueTask After(string what) => ValueTask.CompletedTask;
}
