namespace Guildhall.Tests.Architecture;

/// <summary>What each module shows to others changes only on purpose. Nobody looks at Web: it is the top.</summary>
public sealed class PublicSurfaceTests
{
    public static TheoryData<string> Modules => [.. Product.Modules.Keys.Where(m => m is not "Web").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_module_shows_what_its_snapshot_says(string module) =>
        Snapshot.Matches($"tests/Guildhall.Tests/Snapshots/PublicSurface/Guildhall.{module}.txt", PublicSurface.Of(Product.Modules[module]));

    [Fact]
    public void A_new_public_member_is_a_difference()
    {
        var surface = PublicSurface.Of(typeof(Amount).Assembly);
        surface.ShouldContain("static Amount Zero(Currency currency)");
        Snapshot.Difference(surface.Replace("    static Amount Zero(Currency currency)\n", "", StringComparison.Ordinal), surface).ShouldBe("+     static Amount Zero(Currency currency)");
    }
}
