using Guildhall.Money;
using Guildhall.Money.Disputes;
using Guildhall.Money.Gateways;

namespace Guildhall.Tests.Money.Disputes;

public sealed class SettleDisputeTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-9")]
    public async Task A_dispute_of_an_order_in_escrow_sets_the_share_aside_and_freezes_the_order_and_won_it_all_comes_back()
    {
        var deal = await world.Order();
        var quarrel = await deal.PaidAndDisputed();
        (await deal.Owes("escrow")).ShouldBe(3_750); // the platform's fee stays where it is
        (await deal.ProviderHas("provider_disputed")).ShouldBe(21_250);
        (await deal.Releases()).Refusal!.Code.ShouldBe("order_disputed");
        (await deal.Owes("gateway_clearing")).ShouldBe(-25_000 + 25_000 + 1_500);

        await quarrel.Bank("won");
        var won = await quarrel.Becomes(DisputeState.Won);
        await world.JobsAreDone();
        (await deal.Owes("escrow")).ShouldBe(25_000);
        (await deal.ProviderHas("provider_disputed")).ShouldBe(0);
        (await deal.Owes("disputed_funds")).ShouldBe(0);
        (await deal.Owes("dispute_fees")).ShouldBe(-1_500);
        won.ClosedAt.ShouldNotBeNull();
        (await deal.Releases()).OrThrow().Minor.ShouldBe(21_250);
    }

    [Fact]
    [Covers("M-9", "M-12", "money-31")]
    public async Task Lost_after_the_release_the_loss_lies_with_provider_and_platform_by_the_frozen_fee_and_the_provider_may_owe()
    {
        var deal = await world.Order();
        var payment = await deal.PaidAndReleased();
        var withdrawal = await world.Withdraws(deal.Provider, 10_000);
        await world.Becomes(withdrawal, Guildhall.Money.Withdrawals.WithdrawalState.Completed);
        var quarrel = await deal.IsDisputed(payment);
        await quarrel.Becomes(DisputeState.NeedsResponse);
        (await deal.ProviderHas()).ShouldBe(-10_000);
        (await deal.ProviderHas("provider_disputed")).ShouldBe(21_250);
        (await deal.Owes("platform_fee")).ShouldBe(3_750);

        await quarrel.Bank("lost");
        await quarrel.Becomes(DisputeState.Lost);
        await world.JobsAreDone();
        (await deal.ProviderHas()).ShouldBe(-10_000);
        (await deal.ProviderHas("provider_disputed")).ShouldBe(0);
        (await deal.Owes("platform_fee")).ShouldBe(0);
        (await deal.Owes("disputed_funds")).ShouldBe(0);
        (await Guildhall.Money.Withdrawals.RequestWithdrawal.Run(world.Data(), world.Get<Guildhall.Money.Payouts.Rails>(), deal.Provider, new Amount(10, MoneyWorld.Kwd), default)).Refusal!.Code.ShouldBe("balance_too_low");
        await (await world.Order(provider: deal.Provider)).PaidAndReleased(); // the next earnings make it up
        (await deal.ProviderHas()).ShouldBe(11_250);
    }

    [Fact]
    [Covers("money-36")]
    public async Task Won_after_lost_after_won_ends_where_the_gateway_says_and_every_posting_is_reversed_once()
    {
        var deal = await world.Order();
        await deal.PaidAndReleased();
        var payment = new PaymentId((await deal.Now()).PaidPaymentId!.Value);
        var quarrel = await deal.IsDisputed(payment);
        foreach (var (said, state) in new[] { ("lost", DisputeState.Lost), ("won", DisputeState.Won), ("lost", DisputeState.Lost), ("won", DisputeState.Won) })
        {
            await quarrel.Bank(said);
            await quarrel.Becomes(state);
            await world.JobsAreDone();
            (await deal.ProviderHas()).ShouldBe(state == DisputeState.Won ? 21_250 : 0);
            (await deal.Owes("platform_fee")).ShouldBe(state == DisputeState.Won ? 3_750 : 0);
            await world.Books.MustHold();
        }
        var journals = (await deal.Journals()).Split(' ');
        journals.Count(j => j is "dispute_lost").ShouldBe(2);
        journals.Count(j => j is "dispute_loss_undone").ShouldBe(2);
        journals.Count(j => j is "dispute_withdrawn").ShouldBe(2);
        journals.Count(j => j is "dispute_reinstated").ShouldBe(2);
    }

    [Fact]
    [Covers("money-36", "money-35")]
    public async Task Closed_before_created_and_all_of_it_twice_ends_at_the_gateways_truth()
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var deal = await world.Order();
        var started = await deal.Starts();
        await deal.PaysAtGateway(started.Id);
        await deal.TriesToStart();
        await Guildhall.Money.Payments.CheckPayment.Ask(world.Data(), world.Gateways, (await Guildhall.Money.Payments.Payments.Find(world.Data(), started.Id, default))!, default);
        var quarrel = await deal.IsDisputed(started.Id);
        await quarrel.Bank("lost");
        foreach (var message in (await quarrel.Events()).Reverse())
            for (var twice = 0; twice < 2; twice++) (await world.Hears(message)).Must();
        await quarrel.Becomes(DisputeState.Lost);
        await world.JobsAreDone();
        (await quarrel.Now())!.State.ShouldBe(DisputeState.Lost);
        (await world.Database.Count("money.disputes where order_id = $1", deal.Order.Value)).ShouldBe(1);
        (await deal.Journals()).Split(' ').Order(StringComparer.Ordinal).ShouldBe(["capture", "dispute_fee", "dispute_lost", "dispute_opened", "dispute_withdrawn"]);
        (await deal.Owes("escrow")).ShouldBe(0);
    }

    [Fact]
    [Covers("money-35", "money-83")]
    public async Task Told_on_every_node_at_once_there_is_one_dispute_and_every_answer_is_200()
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var deal = await world.Order();
        var started = await deal.Starts();
        await deal.PaysAtGateway(started.Id);
        await Guildhall.Money.Payments.CheckPayment.Ask(world.Data(), world.Gateways, (await Guildhall.Money.Payments.Payments.Find(world.Data(), started.Id, default))!, default);
        var quarrel = await deal.IsDisputed(started.Id);
        var created = (await quarrel.Events())[0];
        await using (var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value))
        {
            var again = created.Replace("\"evt_", "\"evt_again", StringComparison.Ordinal); // the same told as another event
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => world.Hears(i % 2 == 0 ? created : again, node: i % 2)));
            answers.ShouldAllBe(a => (int)a.Status == 200);
            await gate.OpenWhenWaiting(2);
        }
        await quarrel.Becomes(DisputeState.NeedsResponse);
        await world.JobsAreDone();
        (await world.Database.Count("money.disputes where order_id = $1", deal.Order.Value)).ShouldBe(1);
        (await deal.Journals()).Split(' ').Count(j => j is "dispute_opened").ShouldBe(1);
    }

    [Fact]
    [Covers("money-36")]
    public async Task An_old_answer_that_arrives_after_a_newer_one_does_not_count()
    {
        var deal = await world.Order();
        var quarrel = await deal.PaidAndDisputed();
        await world.JobsAreDone();
        var desks = world.Get<DisputeDesks>();
        var old = (GatewayAnswer<DisputeFact>.Accepted)await desks.Of("stripe").Fetch(quarrel.Reference, default);
        var outcome = await CheckDispute.Ask(world.Data(), desks, world.Get<GatewayBook>(), "stripe", quarrel.Reference, default, async () =>
        {
            await quarrel.Bank("lost"); // while the old answer is on its way
            await quarrel.Becomes(DisputeState.Lost);
            return old;
        });
        outcome.ShouldBe(CheckDispute.Outcome.Again);
        (await quarrel.Now())!.State.ShouldBe(DisputeState.Lost);
    }
}
