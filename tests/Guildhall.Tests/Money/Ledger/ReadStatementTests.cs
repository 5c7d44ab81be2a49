using Guildhall.Money;
using Guildhall.Money.Ledger;
using Guildhall.Money.Ledger.Periods;
using Guildhall.Money.Ledger.Statements;

namespace Guildhall.Tests.Money.Ledger;

public sealed class ReadStatementTests : IAsyncLifetime
{
    private readonly Seal.SealWorld world = new();

    public ValueTask InitializeAsync() => world.InitializeAsync();
    public ValueTask DisposeAsync() => world.DisposeAsync();

    private async Task<Period> MonthGoesBy(bool closed)
    {
        var month = Period.Of(world.Clock.Now);
        await world.Clock.Passes(month.Until - world.Clock.Now + TimeSpan.FromHours(2));
        if (!closed) return month;
        (await ClosePeriod.Run(world.Data(), MoneyWorld.Staff, month.ToString(), "Checked.", default)).OrThrow();
        await world.Data().InTransaction(tx => FreezePeriod.Run(tx, new(month.Until)));
        return month;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Covers("M-10", "M-12")]
    public async Task Opening_and_lines_make_the_closing_which_opens_the_next_month(bool closed)
    {
        var provider = MoneyWorld.Person();
        var id = provider.AccountId!.Value;
        await world.Posts(10_000, Book.Clearing, Book.Available(id), "jan-1");
        await world.Posts(2_000, Book.Available(id), Book.Reserved(id), "jan-2");
        var inside = world.Clock.Now;
        var first = await MonthGoesBy(closed);
        await world.Posts(500, Book.Clearing, Book.Available(id), "feb-1");
        if (closed) await world.PostsAt(inside, 1);
        var second = await MonthGoesBy(closed);

        var one = (await ReadStatement.Own(world.Data(), provider, first.ToString(), "KWD", default)).OrThrow();
        var two = (await ReadStatement.Own(world.Data(1), provider, second.ToString(), "KWD", default)).OrThrow();
        one.Final.ShouldBe(closed);
        var (available, after) = (one.Accounts.Single(a => a.Account is "provider_available"), two.Accounts.Single(a => a.Account is "provider_available"));
        (available.Opening.Minor, available.Closing.Minor).ShouldBe((0L, 8_000L));
        available.Lines.Select(l => (l.Reference, l.Amount.Minor)).ShouldBe([("jan-1", 10_000L), ("jan-2", -2_000L)]);
        (after.Opening.Minor, after.Closing.Minor).ShouldBe((8_000L, 8_500L));
        two.Accounts.Single(a => a.Account is "provider_reserved").Opening.Minor.ShouldBe(2_000);
        (await ReadStatement.Own(world.Data(), MoneyWorld.Person(), first.ToString(), "KWD", default)).Refusal.ShouldBe(MoneyRefusals.LedgerAccountNotFound);
    }

    [Theory]
    [InlineData("en", "Opening balance", "NOT FINAL")]
    [InlineData("ar", "الرصيد الافتتاحي", "غير نهائي")]
    [Covers("M-10")]
    public async Task As_a_document_it_has_the_same_figures(string language, string opening, string mark)
    {
        var provider = MoneyWorld.Person();
        await world.Posts(1_234_500, Book.Clearing, Book.Available(provider.AccountId!.Value), "pdf-1");
        await world.SealsSignsAndWrites();
        var statement = (await ReadStatement.Own(world.Data(), provider, Period.Of(world.Clock.Now).ToString(), "KWD", default)).OrThrow();
        var seal = await Guildhall.Money.Ledger.Seal.ReadSeal.Run(world.Data(), world.Get<Guildhall.Money.Ledger.Seal.CheckpointFile>(), default);
        var pdf = (await StatementPdf.Run(world.Get<Guildhall.Money.Invoices.Pdf.RenderPdf>(), statement, seal, language, world.Clock.Now, default)).OrThrow();
        var text = await new Invoices.PdfReader(pdf).Text(marks: false);
        foreach (var words in new[] { opening, mark, "1,234.500 KWD", "pdf-1", "1 " }) text.ShouldContain(words);
        var answer = await world.As(provider).Get($"providers/me/statements/{statement.Period}?currency=KWD&format=pdf&language={language}");
        answer.Must().Headers["Content-Type"].ShouldBe("application/pdf");
    }

    [Fact]
    [Covers("M-10", "money-51", "money-100")]
    public async Task The_file_says_where_each_line_stands_in_the_log_and_its_receipts_hold_offline()
    {
        var provider = MoneyWorld.Person();
        await world.Posts(12_345, Book.Clearing, Book.Available(provider.AccountId!.Value), "=cmd()");
        await world.Posts(345, Book.Available(provider.AccountId!.Value), Book.Clearing, "second");
        await world.SealsSignsAndWrites();
        var month = Period.Of(world.Clock.Now);
        var csv = (await world.As(provider).Get($"providers/me/statements/{month}?currency=KWD&format=csv")).Must();
        var lines = csv.Text.Split("\r\n");
        lines[1].ShouldBe("opening,provider_available,,,,,,,KWD,0.000,,");
        lines[2].ShouldStartWith("line,provider_available,");
        lines[2].ShouldContain(",'=cmd(),,KWD,12.345,0,");
        lines[3].ShouldContain(",second,,KWD,-0.345,1,");
        lines[4].ShouldBe("closing,provider_available,,,,,,,KWD,12.000,,");

        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, (await world.As(provider).Get($"providers/me/statements/{month}/receipts?currency=KWD")).Must().Text);
        (await Seal.SealWorld.Runs("--receipt", file, "--checkpoints", world.File)).ShouldBe((0, $"2 receipts hold.{Environment.NewLine}"));
        File.Delete(file);

        (await world.As(MoneyWorld.Person()).Get($"providers/me/statements/{month}?currency=KWD")).MustRefuse(MoneyRefusals.LedgerAccountNotFound);
        (await world.As(provider).Get("providers/me/statements/never?currency=KWD")).MustRefuse(MoneyRefusals.PeriodUnknown);
        var clearing = await world.Database.Value<long>("select id from money.accounts where kind = 'gateway_clearing' and currency = 'KWD'");
        (await world.As(provider).Get($"admin/ledger/accounts/{clearing}/statements/{month}")).Must(403);
        (await world.As(MoneyWorld.Person("ledger.view")).Get($"admin/ledger/accounts/{clearing}/statements/{month}")).Must().At("accounts.0.closing.minor").GetInt64().ShouldBe(12_000);
    }
}
