using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money;

/// <summary>The tables of states in the README are what the code does: every state is put there and told everything. No job runs.</summary>
public sealed class StatesTests(StatesTests.Setup world) : IClassFixture<StatesTests.Setup>
{
    public sealed class Setup : MoneyWorld
    {
        protected override string Role(int node) => "web";
    }

    private static readonly Caller Source = Caller.System("test");
    private static readonly Amount Price = new(25_000, MoneyWorld.Kwd);

    public static TheoryData<string> PaymentRows => [.. Readme.Table("Payment").Skip(1).Select(r => r[0])];

    private Task Tells(PaymentId payment, FactState state) => world.Data().InTransaction(tx => SettlePayment.Run(tx, Source, new PaymentFact(payment, state, Price, $"pi_{payment}")));

    [Theory, MemberData(nameof(PaymentRows))]
    [Covers("M-1")]
    public async Task A_payment_goes_where_the_readme_says(string state)
    {
        var table = Readme.Table("Payment");
        table.Count.ShouldBe(1 + Enum.GetValues<PaymentState>().Length);
        var expected = table.Single(r => string.Equals(r[0], state, StringComparison.Ordinal));
        for (var column = 1; column < expected.Length; column++)
        {
            var deal = await world.Order();
            var id = (await deal.Starts()).Id;
            if (state is "captured") await Tells(id, FactState.Captured);
            else if (state is "authorized" or "capturing")
            {
                await Tells(id, FactState.Authorized);
                if (state is "capturing") (await Takes(id)).OrThrow();
            }
            else await world.Database.Execute("update money.payments set state = $2, gateway_ref = case when $2 in ('created', 'unknown') then null else gateway_ref end where id = $1", id.Value, state);
            await Happens(deal, id, table[0][column]);
            (await world.Database.Value<string>("select state from money.payments where id = $1", id.Value)).ShouldBe(expected[column], $"{state}, {table[0][column]}");
        }
        await world.Books.MustHold();
    }

    private Task<Result<PaymentView>> Takes(PaymentId payment) => CapturePayment.Run(world.Data(), world.Gateways, MoneyWorld.Staff, payment, new(), default);

    private async Task Happens(Deal deal, PaymentId id, string what)
    {
        if (what is "capture asked") await Takes(id);
        if (what is "void asked") await VoidPayment.Run(world.Data(), world.Gateways, MoneyWorld.Staff, id, "Not needed.", default);
        if (what is "capture refused")
            await world.Data().InTransaction(async tx => await SettleCapture.Refused(tx, Source, id, new CaptureId(Guid.NewGuid()), "no"));
        if (what.Contains(' ', StringComparison.Ordinal) && what is not ("page opened" or "no answer")) return;
        if (Enum.TryParse<FactState>(what, ignoreCase: true, out var fact))
        {
            await Tells(id, fact);
            return;
        }
        if (what is "refused") world.Wire.Answers("/v1/", 400, new { error = new { type = "invalid_request_error", code = "no" } });
        if (what is "no answer") world.Wire.Answers("/v1/", 409, new { error = new { type = "idempotency_error" } });
        await StartPayment.Open(world.Data(), world.Gateways, deal.Customer, (await Guildhall.Money.Payments.Payments.Find(world.Data(), id, default))!, default);
        world.Wire.Before = null;
    }

    [Fact]
    [Covers("M-2")]
    public void The_diagram_shows_every_change_of_the_table_and_no_other()
    {
        var table = Readme.Table("Payment");
        var changes = table.Skip(1).SelectMany(row => row.Skip(1).Select((to, column) => (From: row[0], To: to, By: table[0][column + 1])).Where(c => !string.Equals(c.From, c.To, StringComparison.Ordinal)))
            .GroupBy(c => (c.From, c.To)).Select(g => $"{g.Key.From} --> {g.Key.To}: {string.Join(" or ", g.Select(c => c.By))}");
        Readme.Diagram().Order(StringComparer.Ordinal).ShouldBe(changes.Order(StringComparer.Ordinal));
    }

    [Fact]
    [Covers("M-8")]
    public async Task A_refund_goes_where_the_readme_says()
    {
        var table = Readme.Table("Refund");
        table.Count.ShouldBe(1 + Enum.GetValues<RefundState>().Length);
        foreach (var row in table.Skip(1))
            for (var column = 1; column < row.Length; column++)
            {
                var deal = await world.Order();
                await Tells((await deal.Starts()).Id, FactState.Captured);
                var refund = await deal.Refunded(10_000);
                Task Learns(RefundFactState fact) => world.Data().InTransaction(tx => SettleRefund.Run(tx, Source, new RefundFact(refund, fact, new Amount(10_000, MoneyWorld.Kwd), "re_" + refund, "?")));
                if (Enum.TryParse<RefundFactState>(row[0], ignoreCase: true, out var before)) await Learns(before);
                else await world.Database.Execute("update money.refunds set state = 'unknown' where id = $1", refund.Value);
                await Learns(Enum.Parse<RefundFactState>(table[0][column], ignoreCase: true));
                (await world.Database.Value<string>("select state from money.refunds where id = $1", refund.Value)).ShouldBe(row[column], $"{row[0]}, told {table[0][column]}");
                await world.Books.MustHold();
            }
    }

    [Fact]
    public void Every_journal_is_in_the_readme_and_every_row_of_it_in_the_code() =>
        Readme.Table("Journals").Skip(1).Select(r => r[0]).Order(StringComparer.Ordinal).ShouldBe(Readme.KindsInCode());
}
