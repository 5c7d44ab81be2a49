namespace Guildhall.Tests.Architecture;

/// <summary>One thing a guard objects to, with the place to look at.</summary>
internal sealed record Violation(string Where, string What)
{
    public override string ToString() => $"{Where}: {What}";
}

internal static class Guard
{
    /// <summary>Fails with every violation, one per line.</summary>
    public static void Holds(IEnumerable<Violation> violations)
    {
        var found = violations.ToArray();
        if (found.Length > 0) Assert.Fail($"{found.Length} found:\n" + string.Join('\n', found.Take(60).Select(v => "  " + v)));
    }

    /// <summary>Proves that the guard can fail: a planted violation is reported.</summary>
    public static void Reports(IEnumerable<Violation> violations, string what) =>
        violations.ShouldContain(v => v.What.Contains(what, StringComparison.Ordinal), $"the planted violation was not reported: {what}");
}
