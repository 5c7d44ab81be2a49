using System.Numerics;
using Guildhall.Money;
using Guildhall.Money.Ledger;
using Guildhall.Money.Ledger.Exchange;

namespace Guildhall.Tests.Money.Ledger;

public sealed class ConvertMoneyTests(LedgerWorld world) : IClassFixture<LedgerWorld>, IAsyncLifetime
{
    private readonly List<(long Minor, string Currency)> _put = [];

    private static readonly string[] MayConvert = ["ledger.view", "ledger.convert"];

    private async Task<RecordRate.View> Rate(string from, string into, long numerator, long denominator, TimeSpan age = default) => (await RecordRate.Run(world.Data(), MoneyWorld.Staff,
        new RecordRate.Body(Currency.Of(from), Currency.Of(into), numerator, denominator, "The bank", world.Clock.Now - age), default)).OrThrow();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    // What a test put in is taken out again: the laws of the books know only what the product did.
    public async ValueTask DisposeAsync()
    {
        foreach (var (minor, currency) in _put) await world.Posts(minor, Book.Platform(AccountKind.PlatformSales), Book.Platform(AccountKind.Cash), currency: Currency.Of(currency));
        await world.Books.MustHold();
    }

    private Task Holds(long minor, string currency)
    {
        _put.Add((minor, currency));
        return world.Posts(minor, Book.Platform(AccountKind.Cash), Book.Platform(AccountKind.PlatformSales), currency: Currency.Of(currency));
    }

    private Task<Result<ConvertMoney.View>> Converts(Amount amount, RecordRate.View rate, string from = "cash", string to = "bank") =>
        ConvertMoney.Run(world.Data(), MoneyWorld.Staff, new ConvertMoney.Body(amount, from, to, rate.Id, "Sold to the bank."), default);

    [Fact]
    [Covers("money-65", "M-10")]
    public async Task Both_legs_balance_and_the_rate_its_source_and_the_amounts_are_kept()
    {
        var rate = await Rate("USD", "KWD", 30_751, 100_000);
        await Holds(100_001, "USD");
        var done = (await Converts(new Amount(100_001, MoneyWorld.Usd), rate)).OrThrow();
        done.Bought.ShouldBe(new Amount(307_513, MoneyWorld.Kwd)); // 1000.01 × 0.30751 = 307.5130751
        (await world.Database.Rows("""
            select a.kind, a.currency, e.minor from money.entries e join money.accounts a on a.id = e.account_id join money.journals j on j.id = e.journal_id where j.reference = $1 order by e.no
            """, $"conversion:{done.Id}")).Select(r => string.Join(' ', r)).ShouldBe(["fx_position USD 100001", "cash USD -100001", "bank KWD 307513", "fx_position KWD -307513"]);
        (await world.Database.Rows("""
            select r.source, r.numerator, r.denominator from money.conversions c join money.fx_rates r on r.id = c.rate_id where c.id = $1
            """, done.Id.Value))[0].ShouldBe(["The bank", 30_751L, 100_000L]);
        (await world.Database.Count("foundation.audit where action = 'money.converted'")).ShouldBeGreaterThan(0);
        (await Seal.SealWorld.Runs("--database", world.Database.Owner)).Says.ShouldContain("Everything holds.");
    }

    [Fact]
    [Covers("money-65", "money-51")]
    public async Task Exact_at_any_size_and_in_both_directions_rounded_half_to_even()
    {
        var random = new Random(65);
        var currencies = Currency.All.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var (from, into) = (currencies[random.Next(currencies.Length)], currencies[random.Next(currencies.Length)]);
            if (from == into) continue;
            var rate = new RecordRate.View(default, from, into, random.NextInt64(1, 1_000_000_000), random.NextInt64(1, 1_000_000_000), "", default);
            var amount = new Amount(random.NextInt64(1, 1L << random.Next(1, 62)), i % 2 == 0 ? from : into);
            var (top, bottom, other) = i % 2 == 0 ? (rate.Numerator, rate.Denominator, into) : (rate.Denominator, rate.Numerator, from);
            var (exact, scale) = ((BigInteger)amount.Minor * top * BigInteger.Pow(10, other.Exponent), bottom * BigInteger.Pow(10, amount.Currency.Exponent));
            if (ConvertMoney.Exchange(amount, rate) is not { } got)
            {
                (exact / scale).ShouldBeGreaterThanOrEqualTo(long.MaxValue);
                continue;
            }
            got.Currency.ShouldBe(other);
            var away = BigInteger.Abs((got.Minor * scale) - exact) * 2;
            (away < scale || (away == scale && got.Minor % 2 == 0)).ShouldBeTrue($"{amount} at {top}/{bottom} into {other}");
        }
    }

    [Fact]
    [Covers("money-65")]
    public async Task A_stale_a_superseded_and_a_foreign_rate_are_refused_and_nothing_is_booked()
    {
        var before = await world.Database.Count("money.journals");
        var old = await Rate("EUR", "KWD", 33, 100, 25.Hours());
        (await Converts(new Amount(100, Currency.Of("EUR")), old)).Refusal.ShouldBe(MoneyRefusals.FxRateStale);
        var first = await Rate("GBP", "KWD", 39, 100, 1.Hours());
        await Rate("KWD", "GBP", 100, 40);
        (await Converts(new Amount(100, Currency.Of("GBP")), first)).Refusal.ShouldBe(MoneyRefusals.FxRateStale);
        (await Converts(new Amount(100, Currency.Of("JPY")), first)).Refusal.ShouldBe(MoneyRefusals.WrongCurrency);
        var tiny = await Rate("IDR", "KWD", 2, 100_000);
        (await Converts(new Amount(1, Currency.Of("IDR")), tiny)).Refusal.ShouldBe(MoneyRefusals.ConversionOutOfRange);
        (await Converts(new Amount(-5, Currency.Of("IDR")), tiny)).Refusal.ShouldBe(MoneyRefusals.AmountNotPositive);
        (await Converts(new Amount(100_000, Currency.Of("IDR")), tiny, to: "escrow")).Refusal.ShouldBe(MoneyRefusals.ConversionAccount);
        (await RecordRate.Run(world.Data(), MoneyWorld.Staff, new RecordRate.Body(tiny.Base, tiny.Quote, 3, 100_000, tiny.Source, tiny.QuotedAt), default)).Refusal.ShouldBe(MoneyRefusals.FxRateKnown);
        (await RecordRate.Run(world.Data(), MoneyWorld.Staff, new RecordRate.Body(tiny.Base, tiny.Quote, 3, 0, "x", tiny.QuotedAt), default)).Refusal.ShouldBe(MoneyRefusals.FxRateInvalid);
        (await world.Database.Count("money.journals")).ShouldBe(before);
    }

    [Fact]
    [Covers("money-65")]
    public async Task No_more_is_converted_than_the_account_holds_however_many_try_at_once()
    {
        var rate = await Rate("CHF", "KWD", 34, 100);
        var franc = Currency.Of("CHF");
        (await Converts(new Amount(1, franc), rate)).Refusal!.Code.ShouldBe(MoneyRefusals.ConversionTooLarge.Code);
        await Holds(1_000, "CHF");
        Result<ConvertMoney.View>[] answers;
        await using (var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended('money.conversion', 0))"))
        {
            var all = Enumerable.Range(0, 10).Select(i => ConvertMoney.Run(world.Data(i % 2), MoneyWorld.Staff, new ConvertMoney.Body(new Amount(300, franc), "cash", "bank", rate.Id, "Sold."), default)).ToArray();
            await gate.OpenWhenWaiting(10);
            answers = await Task.WhenAll(all);
        }
        answers.Count(a => a.Granted).ShouldBe(3);
        answers.Where(a => !a.Granted).ShouldAllBe(a => a.Refusal!.Code == MoneyRefusals.ConversionTooLarge.Code);
        var left = await Converts(new Amount(101, franc), rate);
        left.Refusal!.Details!["held"].ShouldBe(new Amount(100, franc));
    }

    [Fact]
    [Covers("money-65", "M-3")]
    public async Task Over_http_the_same_key_converts_once()
    {
        var staff = world.As(MoneyWorld.Person(MayConvert));
        var rate = (await staff.Post("admin/ledger/rates", new { @base = "AED", quote = "KWD", numerator = 838, denominator = 10_000, source = "Central bank", quotedAt = world.Clock.Now.AddMinutes(-1) })).Must(201);
        var body = new { amount = new { minor = 50_000, currency = "AED" }, from = "cash", to = "bank", rate = rate.Word("id"), why = "Swept" };
        await Holds(50_000, "AED");
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => staff.Post("admin/ledger/conversions", body, key)));
        answers.ShouldAllBe(a => a.Status == 201);
        answers[0].At("bought.minor").GetInt64().ShouldBe(41_900);
        (await world.Database.Count("money.conversions where from_currency = 'AED'")).ShouldBe(1);
        (await world.As(MoneyWorld.Person("ledger.view")).Post("admin/ledger/conversions", body)).Must(403);
        (await staff.Get("admin/ledger/rates")).Must().Text.ShouldContain("Central bank");
    }
}
