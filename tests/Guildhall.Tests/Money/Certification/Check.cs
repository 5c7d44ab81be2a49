namespace Guildhall.Tests.Money.Certification;

/// <summary>How a check ended well: the gateway does it, or it is declared as not offered and the product refuses it by name.</summary>
internal enum Outcome { Passed, NotOffered }

/// <summary>One thing that holds for every gateway. It fails by throwing.</summary>
internal sealed record Check(string Name, Func<Attempt, Task<Outcome>> Run)
{
    /// <summary>The list, the same for all gateways, in the order of the table.</summary>
    public static readonly IReadOnlyList<Check> All =
        [.. OpeningChecks.All, .. PayingChecks.All, .. MessageChecks.All, .. BrowserChecks.All, .. ProofChecks.All, .. StatusChecks.All, .. RefundChecks.All, .. RequestChecks.All];
}
