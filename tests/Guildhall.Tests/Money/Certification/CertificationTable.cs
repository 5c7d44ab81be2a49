using System.Text;

namespace Guildhall.Tests.Money.Certification;

/// <summary>docs/gateways/certification.md: written by the checks themselves when snapshots are updated, compared row by row when they are not.</summary>
internal static class CertificationTable
{
    private const string Path = "docs/gateways/certification.md", NotRun = "not run", Ending = "CertificationTests";
    private static readonly Lock OneAtATime = new();

    /// <summary>Every gateway that the list is run against.</summary>
    public static IReadOnlyList<string> Gateways { get; } =
        [.. typeof(CertificationRun).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsSubclassOf(typeof(CertificationRun))).Select(NameOf).Order(StringComparer.Ordinal)];

    public static string NameOf(Type run) => run.Name[..^Ending.Length];

    public static void Begins(string check, string gateway) => Write(check, gateway, NotRun);

    public static void Ends(string check, string gateway, Outcome outcome)
    {
        var word = outcome == Outcome.Passed ? "passed" : "passed: declared as not offered";
        Write(check, gateway, word);
        if (!Snapshot.Updating) Read().GetValueOrDefault((check, gateway), NotRun).ShouldBe(word, $"{Path} says something else. If that is meant, run the checks with GUILDHALL_UPDATE_SNAPSHOTS=1 and commit the file.");
    }

    /// <summary>The document with what is in its cells now, as it must be for today's list.</summary>
    public static void MustBeWhole()
    {
        lock (OneAtATime)
        {
            var text = Render(Read());
            if (Snapshot.Updating) File.WriteAllText(Tree.Path(Path), text);
            else Snapshot.Matches(Path, text);
            if (!Snapshot.Updating) text.ShouldNotContain($"| {NotRun} ");
        }
    }

    private static void Write(string check, string gateway, string word)
    {
        if (!Snapshot.Updating) return;
        lock (OneAtATime)
        {
            var cells = Read();
            cells[(check, gateway)] = word;
            File.WriteAllText(Tree.Path(Path), Render(cells));
        }
    }

    private static Dictionary<(string, string), string> Read()
    {
        var (cells, columns) = (new Dictionary<(string, string), string>(), Array.Empty<string>());
        if (!Tree.Has(Path)) return cells;
        foreach (var row in Tree.Read(Path).Split('\n').Where(line => line.StartsWith('|') && !line.StartsWith("|-", StringComparison.Ordinal)).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)))
        {
            if (columns.Length == 0) columns = row;
            else for (var i = 1; i < row.Length; i++) cells[(row[0], columns[i])] = row[i];
        }
        return cells;
    }

    private static string Render(Dictionary<(string, string), string> cells)
    {
        var text = new StringBuilder($"""
            # Certification

            One list of {Check.All.Count} checks, run against every payment gateway of the product: {string.Join(", ", Gateways)}. Each check is a test
            of its own (`Certified` in `tests/Guildhall.Tests/Money/Certification`), against the product's
            **own sandbox** over real HTTP and on a real PostgreSQL. **Nothing of it was ever run against a live service or a payment company's test system**: what the sandbox
            believes about a protocol, the product believes too. What is unverified stands in each gateway's own document.

            "passed": it is done, and the state of the payment, the books, what the sandbox has done, and the answers to messages were as they must be. "passed: declared as not offered": the gateway's protocol
            has no place for it; the product refused it by name before any call, or was shown the thing all the same and did not act on it. Of the requests: no description of KNET's exists; those of Stripe and
            PayPal are their own, those of M-Pesa, MyFatoorah and Paytm were written for these tests (tests/peers/specs).

            The tests write this table with `GUILDHALL_UPDATE_SNAPSHOTS=1 ./test --unit --filter Certification` and compare it without. A new gateway is certified by a line in `CertificationTests.cs` there.


            """.ReplaceLineEndings("\n"));
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| check | {string.Join(" | ", Gateways)} |\n|---|{string.Concat(Gateways.Select(_ => "---|"))}\n");
        foreach (var check in Check.All.Select(c => c.Name))
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {check} | {string.Join(" | ", Gateways.Select(g => cells.GetValueOrDefault((check, g), NotRun)))} |\n");
        return text.ToString();
    }
}
