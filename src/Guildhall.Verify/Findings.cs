namespace Guildhall.Verify;

/// <summary>A law that does not hold, and the first record that breaks it.</summary>
internal sealed record Finding(string Law, string Says);

/// <summary>The first finding of each law.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => _all;

    public void Add(string law, string says)
    {
        if (!_all.Exists(f => string.Equals(f.Law, law, StringComparison.Ordinal))) _all.Add(new Finding(law, says));
    }

    public void AddRange(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings) Add(finding.Law, finding.Says);
    }
}
