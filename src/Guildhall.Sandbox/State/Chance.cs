namespace Guildhall.Sandbox.State;

/// <summary>Seeded dice, so that a run with the same seed and the same order of calls meets the same faults.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random random = new(seed);
    private readonly Lock gate = new();

    public bool Hits(int percent) => percent > 0 && Below(100) < percent;

    public int Below(int limit)
    {
        lock (gate) return random.Next(limit);
    }
}
