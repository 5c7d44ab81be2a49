using Guildhall.Foundation.Data;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>Where a node is killed: before or after the n-th round trip to PostgreSQL or the gateway of whatever it is doing. From then on it does
/// nothing more: what it still tries fails, as after kill -9. With no place to be killed at it only counts.</summary>
internal sealed class Crash(int at = 0, bool after = false)
{
    private int _reached;

    public int At => at;
    public bool Struck { get; private set; }

    /// <summary>Round trips seen so far.</summary>
    public int Boundaries { get; private set; }

    public List<string> Places { get; } = [];

    // What a node reads and draws for itself now and then, whoever asks it something: no step of a flow.
    private static readonly string[] OfTheNode = ["foundation.rate_windows", "as in_force from foundation.settings"];

    public void Reach(string where)
    {
        if (Struck) throw new NodeKilledException();
        if (OfTheNode.Any(where.Contains)) return;
        var isAfter = where.StartsWith("after ", StringComparison.Ordinal);
        if (!isAfter)
        {
            Boundaries++;
            Places.Add(where.Trim().Split('\n')[0].Trim());
            _reached++;
        }
        if (at == 0 || _reached != at || isAfter != after) return;
        Struck = true;
        throw new NodeKilledException();
    }
}

/// <summary>Stands on the line of the first node only, and there only of work that the test began.</summary>
internal sealed class CrashTap(CrashWorld world) : DatabaseTap
{
    public override ValueTask Before(string what) => world.Reached(what);

    public override ValueTask After(string what) => world.Reached("after " + what);
}

/// <summary>A <see cref="SimulationWorld"/> whose first node can be killed at a boundary.</summary>
public sealed class CrashWorld : SimulationWorld
{
    /// <summary>Null while nothing is watched.</summary>
    internal Crash? Crash { get; set; }

    protected override async Task Prepare()
    {
        await base.Prepare();
        Gate = new VirtualStripe(Time, Reached);
    }

    internal ValueTask Reached(string where)
    {
        if (Actor.Current.Value is not null) Crash?.Reach(where);
        return ValueTask.CompletedTask;
    }

    internal void Watch()
    {
        foreach (var database in Everywhere<Database>().Take(1)) database.Tap ??= new CrashTap(this);
    }
}
