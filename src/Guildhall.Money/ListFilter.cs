namespace Guildhall.Money;

/// <summary>Which payments or withdrawals a list of the staff shows; what is null does not matter.</summary>
public sealed record ListFilter
{
    /// <summary>One of the states; of payments also <c>in_escrow</c> and <c>set_aside</c>.</summary>
    public string? State { get; init; }

    /// <summary>The gateway of a payment, or the rail of a withdrawal's payout.</summary>
    public string? Gateway { get; init; }

    public string? Currency { get; init; }

    /// <summary>In minor units, as <see cref="Most"/>: of any currency when none is given.</summary>
    public long? Least { get; init; }

    public long? Most { get; init; }
    public Guid? Provider { get; init; }

    /// <summary>First moment it began at.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The moment after the last.</summary>
    public DateTimeOffset? Until { get; init; }

    internal const int MaxExport = 10_000;

    internal ListFilter Given => this with { State = NullIfEmpty(State), Gateway = NullIfEmpty(Gateway), Currency = NullIfEmpty(Currency) };

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
