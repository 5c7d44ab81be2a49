namespace Guildhall.Tests.Architecture;

/// <summary>The rules of the house about source files, each with what it must report.</summary>
public sealed class SourceRulesTests
{
    // Real time: leases, timers, limits, token buckets, the system clock itself. Everything else asks for TimeProvider.
    private static readonly string[] MayUseRealTime =
    [
        "src/Guildhall.Foundation/Data/DatabaseProbe.cs", "src/Guildhall.Foundation/Data/NodeChannel.cs", "src/Guildhall.Foundation/FoundationModule.cs", "src/Guildhall.Foundation/Http/Idempotency.cs",
        "src/Guildhall.Foundation/Http/RateLimits.cs", "src/Guildhall.Foundation/Http/RateBlocks.cs", "src/Guildhall.Foundation/Http/Streams/", "src/Guildhall.Foundation/Jobs/JobWorker.cs",
        "src/Guildhall.Foundation/Data/Home.cs", "src/Guildhall.Foundation/Http/Circuit.cs", "src/Guildhall.Money/Gateways/PayPal/PayPalApi.cs", "src/Guildhall.Money/Reconciliation/EndUploads.cs",
        "src/Guildhall.Files/Storage/", "src/Guildhall.Operations/Webhooks/WebhookSender.cs", "src/Guildhall.Sandbox/", "src/Guildhall.Web/Components/PageParts.cs",
    ];

    private static readonly string[] BusinessWords =
    [
        "booking", "payment", "payout", "refund", "withdrawal", "order", "provider", "customer", "advisor", "technician", "consultation", "escrow", "invoice",
        "visit", "checkout", "stripe", "slot", "wallet", "marketplace", "commission", "price", "fee",
    ];

    // A longer file says why here.
    private static readonly string[] MayBeLonger = [];

    [Fact]
    public void Time_is_asked_of_the_clock_that_is_passed_in() =>
        Guard.Holds(Tree.Files("src", ".cs", ".razor").Where(f => !MayUseRealTime.Any(m => f.Path.StartsWith(m, StringComparison.Ordinal))).SelectMany(SourceRules.Time));

    [Theory]
    [InlineData("var x = DateTime.Now;")]
    [InlineData("var x = DateTime.UtcNow;")]
    [InlineData("var x = DateTimeOffset.UtcNow;")]
    [InlineData("var x = TimeProvider.System.GetUtcNow();")]
    public void Another_clock_is_reported(string code) => Guard.Reports(SourceRules.Time(Planted(code)), "is not the clock");

    [Fact]
    public void Nothing_near_money_is_a_fraction() => Guard.Holds(Tree.Files("src/Guildhall.Money", ".cs")
        .Concat(Tree.Files("src/Guildhall.Foundation", "Amount.cs", "Currency.cs")).SelectMany(SourceRules.Numbers));

    [Theory]
    [InlineData("decimal fee = 1;")]
    [InlineData("public sealed record Fee(double Rate);")]
    [InlineData("var x = (float)amount;")]
    public void A_fraction_is_reported(string code) => Guard.Reports(SourceRules.Numbers(Planted(code)), "is not exact");

    [Fact]
    public void Foundation_holds_no_business_word() =>
        Guard.Holds(Tree.Files("src/Guildhall.Foundation", ".cs").SelectMany(f => SourceRules.BusinessWords(f, BusinessWords)));

    [Theory]
    [InlineData("void SettlePayment() { }", "payment")]
    [InlineData("var x = \"orders\";", "order")]
    [InlineData("class BookingId;", "booking")]
    public void A_business_word_is_reported(string code, string word) => Guard.Reports(SourceRules.BusinessWords(Planted(code), BusinessWords), $"`{word}`");

    [Fact]
    public void Sorting_and_service_providers_are_not_business() =>
        SourceRules.BusinessWords(Planted("list.OrderBy(x => x); var sql = \"select 1 order by id\"; IServiceProvider s; // payment"), BusinessWords).ShouldBeEmpty();

    [Fact]
    public void Files_and_lines_are_short() =>
        Guard.Holds(new[] { "src", "tests", "benchmarks" }.SelectMany(f => Tree.Files(f, ".cs")).Where(f => !MayBeLonger.Contains(f.Path, StringComparer.Ordinal)).SelectMany(SourceRules.Size));

    [Fact]
    public void A_long_file_is_reported() => Guard.Reports(SourceRules.Size(Planted(string.Concat(Enumerable.Repeat("x\n", 251)))), "more than 250");

    [Fact]
    public void A_long_line_is_reported() => Guard.Reports(SourceRules.Size(Planted(new string('x', 241))), "more than 240");

    [Fact]
    public void Nothing_unfinished_or_of_one_machine_is_left_in_the_tree() =>
        Guard.Holds(Tree.Files("", ".cs", ".razor", ".sql", ".md", ".sh", ".css", ".js", ".json", ".props", ".csproj", ".http").SelectMany(SourceRules.Leftovers));

    [Theory]
    [InlineData("// TO" + "DO later")]
    [InlineData("cat /wo" + "rk/notes")]
    [InlineData("cd /tmp/w" + "t/somebody")]
    public void A_leftover_is_reported(string text) => Guard.Reports(SourceRules.Leftovers(Planted(text)), "has no place");

    [Fact]
    public void Every_file_and_folder_has_a_name_that_says_something() => Guard.Holds(Tree.Files("src", ".cs", ".razor").SelectMany(SourceRules.EmptyNames));

    [Theory]
    [InlineData("src/Guildhall.Money/Common/Fee.cs")]
    [InlineData("src/Guildhall.Money/MoneyHelper.cs")]
    public void An_empty_name_is_reported(string path) => Guard.Reports(SourceRules.EmptyNames(new SourceFile(path, "")), "says nothing");

    private static SourceFile Planted(string code) => new("src/Guildhall.Money/Planted.cs", code);
}
