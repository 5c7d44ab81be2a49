namespace Guildhall.Tests.Support;

/// <summary>The ids of the catalogue, the case lists (<c>money-27</c>) and the ASVS rows (<c>asvs-6.5.1</c>) that a test proves.
/// docs/coverage.md is generated from these.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class CoversAttribute(params string[] ids) : Attribute
{
    public IReadOnlyList<string> Ids { get; } = ids;
}
