using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money;

/// <summary>A crowd buys, cancels, refunds and withdraws on two nodes while answers are lost and webhooks are lost, doubled and shuffled. When the storm
/// is over, the books hold and the gateway did exactly what our rows say, nothing twice.</summary>
public sealed class StormTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    private const int Sales = 24;
    private static readonly string[] Outcomes = ["success", "success", "success", "decline", "timeout_but_charged", "late_success", "abandon"];
    private static readonly object Storm = new { timeoutAfterEffect = 15, dropWebhooks = 25, duplicateWebhooks = 30, reorderWebhooks = true, delayMs = 10, declineNext = 2, seed = 7 };

    [Theory, InlineData(1), InlineData(2)]
    [Covers("M-6", "money-5", "money-16", "money-29", "money-72")]
    public async Task After_a_storm_everything_is_settled_or_refunded_and_nothing_happened_twice(int seed)
    {
        await world.StartsAfresh();
        await world.Gateway.Faults(Storm);
        var provider = await world.Provider();
        var deals = await Task.WhenAll(Enumerable.Range(0, Sales).Select(async i => await Buys(await world.Order(provider: provider), new Random(seed * 1000 + i))));
        await Calms(async () => await world.Database.Count("money.payments where state in ('created', 'requires_action', 'authorized', 'capturing', 'unknown')") == 0, "A payment never ended.");
        foreach (var deal in deals.Where((_, i) => i % 3 == 0)) await deal.Releases();

        await world.Gateway.Faults(Storm);
        await Task.WhenAll(deals.Select(async (deal, i) => { if (i % 2 == 0) await deal.Refunds(i % 4 == 0 ? null : new Amount(5_000, MoneyWorld.Kwd), i % 2); }));
        foreach (var deal in deals) await deal.Releases();
        var earned = await world.Books.Has(provider) / 10 * 10;
        await world.Withdraws(provider, earned / 2 / 10 * 10);
        await world.Withdraws(provider, earned - (earned / 2 / 10 * 10));
        await Calms(async () => await world.Database.Count("money.refunds where state in ('pending', 'unknown')") == 0 && await world.Database.Count("money.withdrawals where state not in ('completed', 'failed', 'returned')") == 0,
            "A refund or payout never ended.");

        await world.Books.MustHold();
        (await world.Database.Count("money.withdrawals where state <> 'completed'")).ShouldBe(0);
        await TheGatewayAgrees();
    }

    private async Task<Deal> Buys(Deal deal, Random dice)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var started = await deal.TriesToStart(dice.Next(2));
            if (!started.Is(out var payment, out _)) continue;
            if (await deal.SessionOf(payment.Id) is not { } page) continue;
            using var pays = await world.Sandbox.Http.PostAsync($"/sandbox/stripe/checkout_sessions/{page}/pay", System.Net.Http.Json.JsonContent.Create(new { outcome = Outcomes[dice.Next(Outcomes.Length)] }));
            if (dice.Next(4) == 0) await CancelPayment.Run(world.Data(dice.Next(2)), world.Gateways, deal.Customer, payment.Id, default);
        }
        return deal;
    }

    // The storm passes, and so does time.
    private async Task Calms(Func<Task<bool>> over, string otherwise)
    {
        await world.Gateway.AnswersAsUsual();
        await Eventually.True(async () =>
        {
            await world.Clock.Passes(20.Minutes());
            await world.JobsAreDone();
            return await over();
        }, otherwise, TimeSpan.FromSeconds(60));
    }

    private async Task TheGatewayAgrees()
    {
        (await Effects("payment_intents", "payment_id", i => i.GetProperty("status").GetString() is "succeeded"))
            .ShouldBe(await Ours("select id, amount_minor from money.payments where state = 'captured'", id => new PaymentId(id).ToString()));
        (await Effects("refunds", "refund_id", _ => true)).ShouldBe(await Ours("select id, minor from money.refunds where state = 'completed'", id => new RefundId(id).ToString()));
        var payouts = await Ours("select p.id, w.minor from money.payouts p join money.withdrawals w on w.id = p.withdrawal_id where p.state = 'completed'", id => new PayoutId(id).ToString());
        (await Effects("transfers", "payout_id", _ => true)).ShouldBe(payouts);
        (await Effects("payouts", "payout_id", _ => true)).ShouldBe(payouts);
    }

    private async Task<IReadOnlyList<string>> Effects(string kind, string reference, Func<JsonElement, bool> happened) => [.. (await world.Gateway.Did(kind)).Where(happened)
        .Select(e => $"{e.GetProperty("metadata").GetProperty(reference).GetString()} {e.GetProperty("amount").GetInt64()}").Order(StringComparer.Ordinal)];

    private async Task<IReadOnlyList<string>> Ours(string sql, Func<Guid, string> name) => [.. (await world.Database.Rows(sql)).Select(r => $"{name((Guid)r[0]!)} {r[1]}").Order(StringComparer.Ordinal)];
}
