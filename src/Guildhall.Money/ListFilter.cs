namespace Guildhall.Money;

/// <summary>Which payments or withdrawals a list of the staff shows; what is null does not matter.</summary>
/// <param name="State">One of the states; of payments also <c>in_escrow</c> and <c>set_aside</c>.</param>
/// <param name="Gateway">The gateway of a payment, or the rail of a withdrawal's payout.</param>
/// <param name="Least">In minor units, as <paramref name="Most"/>: of any currency when none is given.</param>
/// <param name="From">First moment it began at.</param>
/// <param name="Until">The moment after the last.</param>
public sealed record ListFilter(string? State = null, string? Gateway = null, string? Currency = null, long? Least = null, long? Most = null, Guid? Provider = null,
    DateTimeOffset? From = null, DateTimeOffset? Until = null)
{
    internal const int MaxExport = 10_000;

    internal ListFilter Given => this with { State = NullIfEmpty(State), Gateway = NullIfEmpty(Gateway), Currency = NullIfEmpty(Currency) };

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
