using Guildhall.Money.Disputes;
using Guildhall.Tests.Money.Disputes;

namespace Guildhall.Tests.Money.Reconciliation;

/// <summary>What a gateway's report says of disputes against what we have booked of them. The sandbox takes a fee of 1.500 for each.</summary>
public sealed class DisputeRowsTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    private const long Fee = 1_500;

    public async ValueTask InitializeAsync() => await world.StartsAfresh();
    public async ValueTask DisposeAsync() => await world.SettlesDown();

    private Task<long> Journals() => world.Database.Count("money.journals");

    [Fact]
    [Covers("M-9", "M-19", "money-95", "money-96")]
    public async Task A_dispute_that_was_taken_given_back_and_taken_again_is_three_rows_each_matched_once_and_booked_by_none()
    {
        var deal = await world.Order();
        var quarrel = await deal.PaidAndDisputed();
        foreach (var (said, state) in new[] { ("lost", DisputeState.Lost), ("won", DisputeState.Won), ("lost", DisputeState.Lost) })
        {
            await quarrel.Bank(said);
            await quarrel.Becomes(state);
            await world.JobsAreDone();
        }
        var totals = (await world.Database.Rows("select withdrawn_minor, reinstated_minor, fee_minor, fee_returned_minor from money.disputes where gateway_ref = $1", quarrel.Reference)).Single().Cast<long>().ToArray();
        (totals[0], totals[1]).ShouldBe((50_000L, 25_000L));
        var journals = await Journals();
        var name = quarrel.Reference;
        var report = new Report(world).Row($"{name}-1", "dispute", -25_000, totals[2], gatewayRef: name).Row($"{name}-2", "dispute_back", 25_000, -totals[3], gatewayRef: name);
        var first = await report.Reconciled();
        (await world.Row($"{name}-1")).ShouldBe("matched reference");
        (await world.Row($"{name}-2")).ShouldBe("matched reference");
        var second = await report.Row($"{name}-3", "dispute", -25_000, gatewayRef: name).Row($"{name}-4", "dispute", -25_000, gatewayRef: name).Reconciled();
        (await world.Row($"{name}-3")).ShouldBe("matched reference");
        (await world.Open(first)).ShouldBeEmpty();
        (await world.Open(second)).ShouldBe([$"duplicate {name}-4 0 -25000 Finance"]);
        (await Journals()).ShouldBe(journals, "what a gateway takes for a dispute is booked with the dispute");
    }

    [Fact]
    [Covers("M-9", "money-95", "money-97")]
    public async Task Another_amount_currency_or_fee_and_a_dispute_that_is_not_ours_are_each_told_apart()
    {
        var ours = new List<string>();
        for (var i = 0; i < 4; i++) ours.Add((await (await world.Order()).PaidAndDisputed()).Reference);
        await world.JobsAreDone();
        var journals = await Journals();
        var run = await new Report(world).CoversAll().Row("d1", "dispute", -24_999, Fee, gatewayRef: ours[0]).Row("d2", "dispute", -25_000, Fee, gatewayRef: ours[1], currency: "BHD")
            .Row("d3", "dispute", -25_000, Fee + 1, gatewayRef: ours[2]).Row("d4", "dispute", -5_000, Fee, gatewayRef: "dp_of_another_shop").Row("d5", "dispute_back", 25_000, gatewayRef: ours[2]).Reconciled();
        (await world.Open(run)).Where(e => !e.Contains(" b_", StringComparison.Ordinal) && !e.Contains(" e_", StringComparison.Ordinal)).ShouldContain("different_amount d1 -25000 -24999 Finance");
        (await world.Row("d2")).ShouldBe("open different_currency not yet");
        (await world.Row("d3")).ShouldBe("open changed_fee not yet");
        (await world.Row("d4")).ShouldBe("open missing_here not yet");
        (await world.Row("d5")).ShouldBe("open missing_here not yet");
        var fourth = await world.Database.Value<Guid>("select id from money.disputes where gateway_ref = $1", ours[3]);
        (await world.Missing(fourth)).ShouldBe("missing_there");
        (await Journals()).ShouldBe(journals);
    }

    [Fact]
    [Covers("M-9", "M-19")]
    public async Task A_dispute_whose_messages_were_lost_is_learnt_by_asking_the_gateway_and_not_from_the_row()
    {
        var deal = await world.Order();
        var payment = await deal.Pays();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var quarrel = await deal.IsDisputed(payment);
        await new Report(world).Row("lost-message", "dispute", -25_000, Fee, gatewayRef: quarrel.Reference).Reconciled();
        (await quarrel.Now())!.State.ShouldBe(DisputeState.NeedsResponse);
        (await world.Row("lost-message")).ShouldBe("matched reference");
        (await deal.ProviderHas("provider_disputed")).ShouldBe(21_250);
    }

    [Fact]
    [Covers("M-9", "M-19")]
    public async Task While_the_gateway_does_not_answer_the_row_waits_and_is_judged_by_a_later_run()
    {
        var deal = await world.Order();
        var payment = await deal.Pays();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var quarrel = await deal.IsDisputed(payment);
        world.Wire.Cuts("GET /v1/disputes");
        var run = await new Report(world).Row("no-answer", "dispute", -25_000, Fee, gatewayRef: quarrel.Reference).Reconciled();
        (await world.Open(run)).ShouldBe(["missing_here no-answer 0 -25000 Finance"]);
        world.Wire.Before = null;
        await world.StartsAfresh();
        var runs = 0;
        await world.EventuallyOr("No later run judged the row", async () =>
        {
            await new Report(world).Row($"the next {++runs}", "other", 0).Reconciled();
            return await world.Row("no-answer") is "matched reference";
        });
    }

    [Fact]
    [Covers("M-19")]
    public async Task The_clearing_of_a_gateway_counts_what_disputes_took()
    {
        var before = await Books();
        await (await world.Order()).PaidAndDisputed();
        await world.JobsAreDone();
        (await Books()).ShouldBe(before + 25_000 - 25_000 - Fee);
    }

    private async Task<long> Books()
    {
        var rows = (await Guildhall.Money.Reconciliation.ReadClearing.Run(world.Data(), default)).Where(c => c.Source == "stripe" && c.Books.Currency == MoneyWorld.Kwd).ToArray();
        return rows.Length == 0 ? 0 : rows[0].Books.Minor;
    }
}
