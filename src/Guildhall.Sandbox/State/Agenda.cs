namespace Guildhall.Sandbox.State;

/// <summary>The timers, by due time. Guarded by <see cref="World"/>'s lock like every table.</summary>
internal sealed class Agenda(Table<Timer> timers)
{
    private readonly SortedSet<Timer> byDue = new(Comparer<Timer>.Create((a, b) =>
    {
        var order = a.DueMilliseconds.CompareTo(b.DueMilliseconds);
        return order != 0 ? order : string.CompareOrdinal(a.Id, b.Id);
    }));

    public void Set(Timer timer)
    {
        Cancel(timer.Kind, timer.Target);
        timers.Put(timer);
        byDue.Add(timer);
    }

    public void Cancel(TimerKind kind, string target)
    {
        var id = Timer.IdOf(kind, target);
        if (timers.Find(id) is not { } known) return;
        byDue.Remove(known);
        timers.Remove(id);
    }

    public Timer? TakeDue(DateTimeOffset now)
    {
        var first = byDue.Min;
        if (first is null || first.DueMilliseconds > now.ToUnixTimeMilliseconds()) return null;
        byDue.Remove(first);
        timers.Remove(first.Id);
        return first;
    }

    public void Rebuild()
    {
        byDue.Clear();
        byDue.UnionWith(timers.NewestFirst());
    }
}
