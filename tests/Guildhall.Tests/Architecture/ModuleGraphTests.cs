using System.Text.RegularExpressions;

namespace Guildhall.Tests.Architecture;

/// <summary>Who may know whom: the references in the project files are the arrows of the design, and no others.</summary>
public sealed partial class ModuleGraphTests
{
    internal static readonly IReadOnlyDictionary<string, string[]> MayKnow = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Foundation"] = [],
        ["Messaging"] = ["Foundation"],
        ["Files"] = ["Foundation"],
        ["Identity"] = ["Foundation", "Messaging", "Files"],
        ["Money"] = ["Foundation", "Messaging", "Files", "Identity"],
        ["Content"] = ["Foundation", "Files", "Identity"],
        ["Marketplace"] = ["Foundation", "Messaging", "Files", "Identity", "Money", "Content"],
        ["Operations"] = ["Foundation", "Messaging", "Files", "Identity", "Money", "Content", "Marketplace"],
        // Verify: the product's executable runs it as a command; no module may know it, and it knows none.
        ["Web"] = ["Foundation", "Messaging", "Files", "Identity", "Money", "Content", "Marketplace", "Operations", "Verify"],
        ["Sandbox"] = [],
        ["Verify"] = [],
    };

    [Fact]
    public void Every_reference_is_an_arrow_of_the_design() => Guard.Holds(Check(Tree.Files("src", ".csproj")));

    [Fact]
    public void A_reference_upwards_is_reported() => Guard.Reports(
        Check([new SourceFile("src/Guildhall.Money/Guildhall.Money.csproj", """<ProjectReference Include="../Guildhall.Marketplace/Guildhall.Marketplace.csproj" />""")]),
        "may not know Marketplace");

    [Fact]
    public void A_module_that_the_design_does_not_name_is_reported() => Guard.Reports(
        Check([new SourceFile("src/Guildhall.Common/Guildhall.Common.csproj", "<Project />")]), "is not in the design");

    private static IEnumerable<Violation> Check(IEnumerable<SourceFile> projects)
    {
        foreach (var project in projects)
        {
            var module = Path.GetFileNameWithoutExtension(project.Path)["Guildhall.".Length..];
            if (!MayKnow.TryGetValue(module, out var allowed))
            {
                yield return new Violation(project.Path, $"{module} is not in the design");
                continue;
            }
            foreach (Match reference in Reference().Matches(project.Text))
                if (!allowed.Contains(reference.Groups[1].Value, StringComparer.Ordinal))
                    yield return new Violation(project.Path, $"{module} may not know {reference.Groups[1].Value}");
        }
    }

    [GeneratedRegex("""<ProjectReference Include="[^"]*Guildhall\.(\w+)\.csproj""", RegexOptions.None, 1000)]
    private static partial Regex Reference();
}
