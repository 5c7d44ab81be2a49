using Guildhall.Money;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Money.Withdrawals;

namespace Guildhall.Tests.Money.Reconciliation;

/// <summary>What a gateway's report says of payouts: the rail is asked, the row settles nothing.</summary>
public sealed class PayoutRowsTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    private const long All = 85_000;

    public async ValueTask InitializeAsync()
    {
        await world.StartsAfresh();
        await world.ForgetsSettings();
    }

    public async ValueTask DisposeAsync() => await world.SettlesDown();

    private async Task<PayoutId> PayoutOf(WithdrawalId withdrawal) => new(await world.Database.Value<Guid>("select id from money.payouts where withdrawal_id = $1", withdrawal.Value));

    [Fact]
    [Covers("M-14", "M-19", "money-72")]
    public async Task A_payout_whose_answer_was_lost_is_settled_by_asking_the_rail_and_its_row_is_matched()
    {
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));
        world.Wire.Cuts("POST /v1/payouts");
        var withdrawal = await world.Withdraws(provider, All);
        await world.Becomes(withdrawal, WithdrawalState.Unknown);
        var payout = await PayoutOf(withdrawal);
        // Only the report will make anybody ask now.
        await world.Database.Execute("update foundation.jobs set run_at = run_at + interval '1 day' where kind = 'send_payout'");
        var run = await new Report(world).Row("tr_lost", "payout", -All, reference: payout.ToString()).Reconciled();
        (await world.Row("tr_lost")).ShouldBe("matched reference");
        (await world.Open(run)).ShouldBeEmpty();
        (await world.Database.Value<string>("select state from money.payouts where id = $1", payout.Value)).ShouldBe("in_transit");
        await world.StartsAfresh();
        await world.Clock.Passes(2.Days());
        await world.Becomes(withdrawal, WithdrawalState.Completed);
        (await world.Gateway.Did("transfers")).Count(t => t.GetProperty("metadata").GetProperty("payout_id").GetString() == payout.ToString()).ShouldBe(1);
    }

    [Fact]
    [Covers("M-14", "M-19")]
    public async Task A_row_about_a_payout_that_the_rail_knows_nothing_of_settles_nothing()
    {
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));
        var asked = (await world.Asks(provider, All)).OrThrow();
        world.Wire.Cuts("POST /v1");
        var approved = (await world.Approves(asked)).OrThrow();
        var payout = approved.Payout!.Value;
        var run = await new Report(world).Row("tr_invented", "payout", -All, reference: payout.ToString()).Row("tr_back", "payout_back", All, reference: payout.ToString()).Reconciled();
        (await world.Open(run)).ShouldBe(["missing_here tr_back 0 85000 Finance", "missing_here tr_invented 0 -85000 Finance"]);
        (await world.Books.Has(provider)).ShouldBe(0);
        world.Wire.Before = null;
        await world.StartsAfresh();
        await world.Clock.Passes(2.Hours());
        await world.Becomes(asked.Id, WithdrawalState.Completed);
        await new Report(world).Row("tr_next", "other", 0).Reconciled();
        (await world.Row("tr_invented")).ShouldBe("matched reference");
        (await world.Row("tr_back")).ShouldBe("open missing_here not yet");
    }

    [Fact]
    [Covers("M-14", "money-79", "money-95")]
    public async Task What_left_for_the_bank_is_the_withdrawal_less_its_fee_and_a_row_of_another_amount_or_gateway_is_not_it()
    {
        await world.Says(MoneySettings.PayoutFee, "KWD 0.250");
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));
        var (first, second) = (await world.Withdraws(provider, 20_250), await world.Withdraws(provider, 10_250));
        await world.Becomes(first, WithdrawalState.Completed);
        await world.Becomes(second, WithdrawalState.Completed);
        var run = await new Report(world).Row("tr_fee", "payout", -20_000, reference: (await PayoutOf(first)).ToString()).Row("tr_gross", "payout", -10_250, reference: (await PayoutOf(second)).ToString()).Reconciled();
        (await world.Row("tr_fee")).ShouldBe("matched reference");
        (await world.Open(run)).ShouldBe(["different_amount tr_gross -10000 -10250 Finance"]);
        var other = await new Report(world).Row("tr_elsewhere", "payout", -20_000, reference: (await PayoutOf(first)).ToString()).Reconciled("knet");
        (await world.Open(other)).ShouldBe(["missing_here tr_elsewhere 0 -20000 Finance"]);
    }
}
