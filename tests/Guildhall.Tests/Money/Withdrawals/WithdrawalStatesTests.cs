using Guildhall.Foundation.Security;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Tests.Money.Withdrawals;

/// <summary>The README's table of what people may do with a withdrawal is what the code does. No job runs.</summary>
public sealed class WithdrawalStatesTests(WithdrawalStatesTests.Setup world) : IClassFixture<WithdrawalStatesTests.Setup>
{
    public sealed class Setup : MoneyWorld
    {
        protected override string Role(int node) => "web";
    }

    public static TheoryData<string> Rows => [.. Readme.Table("Withdrawal").Skip(1).Select(r => r[0])];

    private async Task<(Caller Provider, WithdrawalView Seen)> In(string state)
    {
        var provider = await world.Provider();
        var deal = await world.Order(new Amount(100_000, MoneyWorld.Kwd), provider);
        var payment = (await deal.Starts()).Id;
        await world.Data().InTransaction(tx => Guildhall.Money.Payments.SettlePayment.Run(tx, Caller.System("test"),
            new Guildhall.Money.Gateways.PaymentFact(payment, Guildhall.Money.Gateways.FactState.Captured, new Amount(100_000, MoneyWorld.Kwd), $"pi_{payment}")));
        (await deal.Releases()).OrThrow();
        var seen = (await world.Asks(provider, 50_000)).OrThrow();
        if (state is "approved" or "held" or "processing") seen = (await world.Approves(seen)).OrThrow();
        if (state is "rejected") seen = (await RejectWithdrawal.Run(world.Data(), MoneyWorld.Staff, seen.Id, seen.Revision, "No.", default)).OrThrow();
        if (state is "cancelled") seen = (await CancelWithdrawal.Run(world.Data(), provider, seen.Id, default)).OrThrow();
        if (state is "held") await world.Database.Execute("update money.withdrawals set held_code = 'over_maximum', held_at = now() where id = $1", seen.Id.Value);
        if (state is "processing")
        {
            await world.Database.Execute("update money.payouts set state = 'sending', sent_at = now() where withdrawal_id = $1", seen.Id.Value);
            await world.Database.Execute("update money.withdrawals set state = 'processing' where id = $1", seen.Id.Value);
            await world.Data().InTransaction(tx => new Guildhall.Money.Ledger.Journal($"payout:{seen.Payout}", "payout_sent")
                .Move(seen.Net, Guildhall.Money.Ledger.Book.Reserved(provider.AccountId!.Value), Guildhall.Money.Ledger.Book.PayoutsInTransit).Post(tx));
        }
        return (provider, await world.Now(seen.Id));
    }

    private async Task Does(string what, Caller provider, WithdrawalView seen)
    {
        if (what.StartsWith("approve", StringComparison.Ordinal)) await world.Approves(seen);
        if (what is "approve again") await world.Approves(seen, MoneyWorld.Person("*"), 1);
        if (what is "reject") await RejectWithdrawal.Run(world.Data(), MoneyWorld.Staff, seen.Id, seen.Revision, "No.", default);
        if (what is "cancel") await CancelWithdrawal.Run(world.Data(), provider, seen.Id, default);
        if (what is "resume") await ResumeWithdrawal.Run(world.Data(), world.Rails, MoneyWorld.Staff, seen.Id, new(seen.Revision, true, "Go."), default);
    }

    [Theory, MemberData(nameof(Rows))]
    [Covers("M-13")]
    public async Task A_withdrawal_goes_where_the_readme_says(string state)
    {
        var table = Readme.Table("Withdrawal");
        var row = table.Single(r => string.Equals(r[0], state, StringComparison.Ordinal));
        for (var column = 1; column < row.Length; column++)
        {
            var (provider, seen) = await In(state);
            await Does(table[0][column], provider, seen);
            var now = await world.Now(seen.Id);
            (now.Held is null ? Guildhall.Foundation.Data.Names.Of(now.State) : "held").ShouldBe(row[column], $"{state}, {table[0][column]}");
        }
        await world.Books.MustHold();
    }
}
