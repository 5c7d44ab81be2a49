using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payouts;

namespace Guildhall.Tests.Money.Payouts;

/// <summary>Every fact in every state. No job runs: what the gateway says is said here.</summary>
public sealed class SettlePayoutTests(SettlePayoutTests.Setup world) : IClassFixture<SettlePayoutTests.Setup>
{
    public sealed class Setup : MoneyWorld
    {
        protected override string Role(int node) => "web";
    }

    // A payout in the given state, with books to match, of a provider who has nothing else.
    private async Task<(PayoutId Payout, Caller Provider)> In(PayoutState state)
    {
        var provider = await world.Provider();
        var deal = await world.Order(new Amount(100_000, MoneyWorld.Kwd), provider);
        var payment = (await deal.Starts()).Id;
        await world.Data().InTransaction(tx => Guildhall.Money.Payments.SettlePayment.Run(tx, Caller.System("test"), new PaymentFact(payment, FactState.Captured, new Amount(100_000, MoneyWorld.Kwd), $"pi_{payment}")));
        (await deal.Releases()).OrThrow();
        var withdrawal = await world.Withdraws(provider, 85_000);
        var payout = new PayoutId(await world.Database.Value<Guid>("select id from money.payouts where withdrawal_id = $1", withdrawal.Value));
        if (state == PayoutState.Created) return (payout, provider);
        if (state == PayoutState.Stopped)
        {
            await world.Database.Execute("update money.withdrawals set held_code = 'provider_owes' where id = $1", withdrawal.Value);
            var held = (await Guildhall.Money.Withdrawals.ListWithdrawals.One(world.Data(), MoneyWorld.Staff, withdrawal, default)).OrThrow();
            (await Guildhall.Money.Withdrawals.RejectWithdrawal.Run(world.Data(), MoneyWorld.Staff, withdrawal, held.Revision, "No.", default)).OrThrow();
            return (payout, provider);
        }
        await world.Database.Execute("update money.payouts set state = 'sending' where id = $1", payout.Value);
        await world.Database.Execute("update money.withdrawals set state = 'processing' where id = $1", withdrawal.Value);
        await world.Data().InTransaction(tx => new Guildhall.Money.Ledger.Journal($"payout:{payout}", "payout_sent")
            .Move(new Amount(85_000, MoneyWorld.Kwd), Guildhall.Money.Ledger.Book.Reserved(provider.AccountId!.Value), Guildhall.Money.Ledger.Book.PayoutsInTransit).Post(tx));
        foreach (var fact in state switch
        {
            PayoutState.InTransit => [PayoutFactState.InTransit],
            PayoutState.Completed => [PayoutFactState.Completed],
            PayoutState.Failed => [PayoutFactState.Failed],
            PayoutState.Returned => new[] { PayoutFactState.Completed, PayoutFactState.Failed },
            _ => [],
        }) await Learns(payout, fact);
        if (state == PayoutState.Unknown)
        {
            await world.Database.Execute("update money.payouts set state = 'unknown' where id = $1", payout.Value);
            await world.Database.Execute("update money.withdrawals set state = 'unknown' where id = $1", withdrawal.Value);
        }
        return (payout, provider);
    }

    private Task Learns(PayoutId payout, PayoutFactState state, long minor = 85_000) => world.Data().InTransaction(tx =>
        SettlePayout.Run(tx, Caller.Gateway("stripe"), new PayoutFact(payout, state, new Amount(minor, MoneyWorld.Kwd), $"tr_{payout}", $"po_{payout}", "?")));

    private async Task<string> StateOf(PayoutId payout) => await world.Database.Value<string>("select state from money.payouts where id = $1", payout.Value);

    public static TheoryData<string> Rows => [.. Readme.Table("Payout").Skip(1).Select(r => r[0])];

    [Theory, MemberData(nameof(Rows))]
    [Covers("M-13")]
    public async Task Every_fact_leads_where_it_may_and_the_books_hold(string from)
    {
        var table = Readme.Table("Payout");
        table.Count.ShouldBe(1 + Enum.GetValues<PayoutState>().Length);
        var row = table.Single(r => string.Equals(r[0], from, StringComparison.Ordinal));
        var state = Guildhall.Foundation.Data.Names.Parse<PayoutState>(from);
        foreach (var (fact, end) in table[0].Skip(1).Select(Guildhall.Foundation.Data.Names.Parse<PayoutFactState>).Zip(row.Skip(1)))
        {
            var (payout, provider) = await In(state);
            for (var again = 0; again < 2; again++)
            {
                await Learns(payout, fact);
                (await StateOf(payout)).ShouldBe(again == 1 && fact == PayoutFactState.Failed && state == PayoutState.Completed ? "returned" : end, $"{from}, told {fact}");
                (await world.Books.Has(provider)).ShouldBe(end is "failed" or "returned" or "stopped" ? 85_000 : 0);
                await world.Books.MustHold();
            }
            var withdrawal = await world.Database.Value<string>("select w.state from money.withdrawals w join money.payouts p on p.withdrawal_id = w.id where p.id = $1", payout.Value);
            withdrawal.ShouldBe(end switch { "created" => "approved", "in_transit" or "sending" => "processing", "stopped" => "rejected", _ => end });
        }
    }

    [Fact]
    public async Task A_wrong_amount_is_quarantined_once_and_changes_nothing()
    {
        var (payout, _) = await In(PayoutState.Sending);
        for (var i = 0; i < 3; i++) await Learns(payout, PayoutFactState.Completed, 84_000);
        (await StateOf(payout)).ShouldBe("sending");
        (await world.Database.Count("money.quarantine where payout_id = $1", payout.Value)).ShouldBe(1);
        await world.Books.MustHold();
    }
}
