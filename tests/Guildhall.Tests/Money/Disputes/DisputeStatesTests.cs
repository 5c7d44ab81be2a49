using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Disputes;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Disputes;

/// <summary>The README's table of disputes is what the code does: every state is put there and told everything, and the books hold after each. No job runs.</summary>
public sealed class DisputeStatesTests(DisputeStatesTests.Setup world) : IClassFixture<DisputeStatesTests.Setup>
{
    public sealed class Setup : MoneyWorld
    {
        protected override string Role(int node) => "web";
    }

    private static readonly Caller Source = Caller.System("test");
    private static readonly Amount Price = new(25_000, MoneyWorld.Kwd);

    public static TheoryData<string> Rows => [.. Readme.Table("Dispute").Skip(1).Select(r => r[0])];

    // A gateway takes the money with the dispute and gives it back when it is won.
    private static DisputeFact Says(string reference, string state, long withdrawn, long reinstated) => new(reference, null, null,
        Names.Parse<DisputeFactState>(state), Price, "fraudulent", DateTimeOffset.UnixEpoch, null, Price with { Minor = withdrawn }, Price with { Minor = reinstated });

    private async Task Learns(PaymentId payment, string reference, string state)
    {
        var before = await world.Database.Rows("select revision, withdrawn_minor, reinstated_minor from money.disputes where gateway_ref = $1", reference);
        var (seen, taken, back) = before is [[int r, long w, long b]] ? (r, w, b) : (0, 0L, 0L);
        if (state is "needs_response" or "under_review" or "lost" && taken == back) taken += Price.Minor;
        if (state is "won" or "prevented" or "warning_closed") back = taken;
        (await world.Data().InTransaction(tx => SettleDispute.Settle(tx, Source, "stripe", payment, Says(reference, state, taken, back), seen))).OrThrow().ShouldBeTrue();
        await world.Books.MustHold();
    }

    [Theory, MemberData(nameof(Rows))]
    [Covers("M-9")]
    public async Task A_dispute_goes_where_the_readme_says(string state)
    {
        var table = Readme.Table("Dispute");
        table.Count.ShouldBe(1 + Enum.GetValues<DisputeState>().Length);
        var expected = table.Single(r => string.Equals(r[0], state, StringComparison.Ordinal));
        for (var column = 1; column < expected.Length; column++)
        {
            foreach (var released in new[] { false, true })
            {
                var deal = await world.Order();
                var payment = (await deal.Starts()).Id;
                await world.Data().InTransaction(tx => SettlePayment.Run(tx, Source, new PaymentFact(payment, FactState.Captured, Price, $"pi_{payment}")));
                if (released) (await deal.Releases()).OrThrow();
                var reference = $"du_{payment}";
                await Learns(payment, reference, state is "accepted" ? "needs_response" : state);
                if (state is "accepted")
                {
                    await world.Database.Execute("update money.disputes set accept_asked_at = now() where gateway_ref = $1", reference);
                    await Learns(payment, reference, "lost");
                }
                for (var twice = 0; twice < 2; twice++) await Learns(payment, reference, table[0][column]);
                (await world.Database.Value<string>("select state from money.disputes where gateway_ref = $1", reference)).ShouldBe(expected[column], $"{state}, {table[0][column]}");
            }
        }
    }
}
