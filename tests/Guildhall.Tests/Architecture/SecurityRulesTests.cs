using System.Text.RegularExpressions;

namespace Guildhall.Tests.Architecture;

/// <summary>Rules about how source handles secrets, patterns and randomness; each with what it must report.</summary>
public sealed partial class SecurityRulesTests
{
    // What is compared there is public: hashes of bodies, files and the books, coordinates, encodings.
    private static readonly string[] NothingSecret =
    [
        "src/Guildhall.Foundation/Http/Streams/StreamHub.cs", "src/Guildhall.Foundation/Http/Idempotency.cs", "src/Guildhall.Foundation/Audit/AuditSealer.cs",
        "src/Guildhall.Identity/Tokens/AccessTokens.cs", "src/Guildhall.Money/Ledger/Seal/",
        "src/Guildhall.Identity/Risk/ReplaySignIn.cs", "src/Guildhall.Money/Risk/ReplayDecision.cs", "src/Guildhall.Verify/", "src/Guildhall.Sandbox/", "src/Guildhall.Files/FilesModule.cs",
        "src/Guildhall.Files/Upload/", "src/Guildhall.Files/Pictures/",
    ];

    // Chance there decides when to try again, never what is secret.
    private static readonly string[] MayThrowDice =
    [
        "src/Guildhall.Sandbox/", "src/Guildhall.Foundation/Jobs/", "src/Guildhall.Operations/Webhooks/", "src/Guildhall.Money/", "src/Guildhall.Marketplace/Seed/",
        "src/Guildhall.Identity/Sessions/SessionDays.cs",
    ];

    // The range service of breached passwords names them by SHA-1; it protects nothing of ours.
    private static readonly string[] SpeaksAnOldProtocol = ["src/Guildhall.Sandbox/", "src/Guildhall.Identity/Passwords/BreachedPasswords.cs"];

    [Fact]
    [Covers("asvs-1.3.12", "identity-47")]
    public void Asvs_1_3_12_Every_pattern_is_linear_or_has_a_limit() => Guard.Holds(Sources().SelectMany(Patterns));

    [Theory]
    [InlineData("[GeneratedRegex(\"(a+)+$\")] partial Regex R();")]
    [InlineData("[GeneratedRegex(\"(a+)+$\", RegexOptions.IgnoreCase)] partial Regex R();")]
    [InlineData("var r = new Regex(\"(a+)+$\");")]
    [InlineData("if (Regex.IsMatch(text, \"(a+)+$\")) return;")]
    public void A_pattern_without_a_limit_is_reported(string code) => Guard.Reports(Patterns(Planted(code)), "neither NonBacktracking nor a time limit");

    [Fact]
    [Covers("asvs-11.2.4")]
    public void Asvs_11_2_4_Secrets_are_compared_in_constant_time() =>
        Guard.Holds(Sources().Where(f => !NothingSecret.Any(n => f.Path.StartsWith(n, StringComparison.Ordinal))).SelectMany(Comparisons));

    [Theory]
    [InlineData("if (hash.AsSpan().SequenceEqual(expected)) return true;")]
    [InlineData("return tokenHash == expected;")]
    [InlineData("if (signature.Equals(expected)) return;")]
    public void A_comparison_that_tells_by_its_time_is_reported(string code) => Guard.Reports(Comparisons(Planted(code)), "tells by its time");

    [Fact]
    [Covers("asvs-11.5.1")]
    public void Asvs_11_5_1_What_is_secret_comes_from_the_systems_generator() =>
        Guard.Holds(Sources().Where(f => !MayThrowDice.Any(n => f.Path.StartsWith(n, StringComparison.Ordinal))).SelectMany(Dice));

    [Theory]
    [InlineData("var code = Random.Shared.Next(1000000);")]
    [InlineData("var random = new Random(7);")]
    [InlineData("var token = Guid.NewGuid().ToString(\"n\");")]
    public void Dice_are_reported(string code) => Guard.Reports(Dice(Planted(code)), "is no source of secrets");

    [Fact]
    [Covers("asvs-11.5.1")]
    public void Asvs_11_5_1_A_secret_has_256_bits_and_no_two_are_alike()
    {
        var secrets = Enumerable.Range(0, 2_000).Select(_ => Guildhall.Identity.Tokens.Secret.New()).ToArray();
        secrets.ShouldAllBe(s => s.Length == 43);
        secrets.Distinct(StringComparer.Ordinal).Count().ShouldBe(2_000);
        System.Buffers.Text.Base64Url.DecodeFromChars(secrets[0]).Length.ShouldBe(32);
    }

    [Fact]
    [Covers("asvs-11.2.3")]
    public void Asvs_11_2_3_No_algorithm_below_128_bits_is_used() => Guard.Holds(Sources().SelectMany(Weak));

    [Theory]
    [InlineData("var h = MD5.HashData(x);")]
    [InlineData("var h = SHA1.HashData(x);")]
    [InlineData("using var d = TripleDES.Create();")]
    [InlineData("var k = RSA.Create(2048);")]
    [InlineData("ECDsa.Create(ECCurve.NamedCurves.nistP192);")]
    public void A_weak_algorithm_is_reported(string code) => Guard.Reports(Weak(Planted(code)), "is too weak");

    private static IEnumerable<SourceFile> Sources() => Tree.Files("src", ".cs", ".razor").Where(f => !f.Path.StartsWith("src/Guildhall.Sandbox/", StringComparison.Ordinal) || f.Text.Contains("Regex", StringComparison.Ordinal));

    private static SourceFile Planted(string code) => new("src/Guildhall.Identity/Planted.cs", code);

    // Attributes may go over several lines: the text up to the end of the call is read.
    private static IEnumerable<Violation> Patterns(SourceFile file) =>
        from Match use in PatternUse().Matches(file.Text)
        let call = file.Text.AsSpan(use.Index, Math.Min(700, file.Text.Length - use.Index)).ToString()
        let whole = call[..(call.IndexOf(use.Value.StartsWith('[') ? ")]" : ";", StringComparison.Ordinal) is > 0 and var end ? end : call.Length)]
        where !whole.Contains("NonBacktracking", StringComparison.Ordinal) && !Limit().IsMatch(whole)
        select new Violation(file.Path, $"{use.Value}… has neither NonBacktracking nor a time limit");

    private static IEnumerable<Violation> Comparisons(SourceFile file) => Lines(file, Comparison(), line => !line.Contains("FixedTimeEquals", StringComparison.Ordinal), "tells by its time");

    private static IEnumerable<Violation> Dice(SourceFile file) => Lines(file, Chance(), line => !line.Contains("Guid.NewGuid()", StringComparison.Ordinal) || Name().IsMatch(line), "is no source of secrets");

    private static IEnumerable<Violation> Weak(SourceFile file) => SpeaksAnOldProtocol.Any(n => file.Path.StartsWith(n, StringComparison.Ordinal)) ? [] : Lines(file, Old(), _ => true, "is too weak");

    private static IEnumerable<Violation> Lines(SourceFile file, Regex pattern, Func<string, bool> counts, string what) =>
        from line in CSharpText.Read(file.Text).Code.Split('\n').Index()
        let found = pattern.Match(line.Item)
        where found.Success && counts(line.Item)
        select new Violation($"{file.Path}:{line.Index + 1}", $"{found.Value} {what}");

    [GeneratedRegex(@"\[GeneratedRegex\(|new Regex\(|Regex\.(?:IsMatch|Match|Matches|Replace|Split)\(", RegexOptions.None, 1000)]
    private static partial Regex PatternUse();

    [GeneratedRegex(@",\s*[0-9]{1,4}\s*$|matchTimeout|TimeSpan\.", RegexOptions.None, 1000)]
    private static partial Regex Limit();

    [GeneratedRegex(@"\bSequenceEqual\(|\b\w*(?:[tT]oken|[sS]ecret|[cC]ode|[pP]assword)Hash\s*==|==\s*\w*(?:[tT]oken|[sS]ecret|[pP]assword)Hash\b|\b(?:signature|mac|hmac|digest)\.Equals\(", RegexOptions.None, 1000)]
    private static partial Regex Comparison();

    [GeneratedRegex(@"\bRandom\.Shared\b|\bnew Random\(|\bGuid\.NewGuid\(\)", RegexOptions.None, 1000)]
    private static partial Regex Chance();

    [GeneratedRegex(@"\b(?:token|secret|code|password|key|nonce|salt)\w*\s*=", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"\bMD5\b|\bSHA1\b|\bTripleDES\b|\bDES\.Create|\bRC2\b|\bCipherMode\.ECB\b|\bRSA\.Create\((?:1024|2048)\)|\bnistP(?:192|224)\b", RegexOptions.None, 1000)]
    private static partial Regex Old();
}
