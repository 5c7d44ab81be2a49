using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Refunds;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Money.Refunds;

public sealed class SendRefundTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<int> AtGateway(RefundId refund) => (await world.Gateway.Did("refunds"))
        .Count(r => string.Equals(r.GetProperty("metadata").GetProperty("refund_id").GetString(), refund.ToString(), StringComparison.Ordinal));

    [Theory, InlineData(0), InlineData(30)]
    [Covers("money-29")]
    public async Task A_refund_whose_answer_was_lost_is_found_and_not_made_again_even_when_the_gateway_has_forgotten_our_key(int hours)
    {
        var deal = await world.Order();
        await deal.Pays();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = 100 });
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Unknown);
        await world.Clock.Passes(TimeSpan.FromHours(hours) + 1.Minutes());
        await deal.Becomes(refund, RefundState.Completed);
        (await AtGateway(refund)).ShouldBe(1);
        (await deal.Journals()).ShouldBe("capture refund refund_completed");
    }

    [Fact]
    [Covers("money-29")]
    public async Task A_worker_that_died_after_the_gateway_did_it_does_not_do_it_again()
    {
        var deal = await world.Order();
        await deal.Pays();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Completed);
        // As the crash left it: done at the gateway, nothing recorded here.
        await world.Database.Execute("update money.refunds set state = 'pending', completed_at = null, gateway_ref = null, checks = 1 where id = $1", refund.Value);
        await world.Database.Execute($"""
            set session_replication_role = replica;
            delete from money.entries where journal_id in (select id from money.journals where reference = 'refund_completed:{refund}');
            delete from money.journals where reference = 'refund_completed:{refund}';
            reset session_replication_role
            """);
        await world.Data(1).InTransaction(tx => tx.Enqueue(new SendRefund(refund)));
        await deal.Becomes(refund, RefundState.Completed);
        (await AtGateway(refund)).ShouldBe(1);
    }

    [Fact]
    public async Task What_the_gateway_refuses_returns_to_escrow()
    {
        var deal = await world.Order();
        await deal.Pays();
        world.Wire.Answers("POST /v1/refunds", 400, new { error = new { type = "invalid_request_error", code = "charge_disputed", message = "The charge is disputed." } });
        var refund = await deal.Refunded();
        (await deal.Becomes(refund, RefundState.Failed)).FailureText.ShouldBe("charge_disputed: The charge is disputed.");
        (await deal.Owes("escrow")).ShouldBe(25_000);
    }

    [Theory, InlineData(401, "invalid_api_key"), InlineData(409, "idempotency_key_in_use"), InlineData(429, "rate_limit"), InlineData(400, "idempotency_error"), InlineData(500, "api_error")]
    [Covers("M-6")]
    public async Task An_answer_that_says_nothing_about_the_effect_is_asked_about_and_fails_nothing(int status, string code)
    {
        var deal = await world.Order();
        await deal.Pays();
        world.Wire.Answers("POST /v1/refunds", status, new { error = new { type = code, code, message = "?" } });
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Unknown);
        world.Wire.Before = null;
        await world.Clock.Passes(10.Minutes());
        await deal.Becomes(refund, RefundState.Completed);
    }

    [Fact]
    public async Task A_refund_is_looked_for_on_every_page_of_the_list()
    {
        var (mine, asked) = (new RefundId(Guid.NewGuid()), new List<string>());
        world.Wire.Before = async http =>
        {
            asked.Add(http.Request.QueryString.Value!);
            var second = http.Request.Query.ContainsKey("starting_after");
            await http.Response.WriteAsJsonAsync(new
            {
                has_more = !second,
                data = new[] { new { id = second ? "re_2" : "re_1", @object = "refund", amount = 10, currency = "kwd", status = "succeeded", metadata = new { refund_id = (second ? mine : new RefundId(Guid.NewGuid())).ToString() } } },
            });
            return true;
        };
        var found = await world.Stripe.FindRefund(new RefundSought(mine, "pi_x", new Amount(10, MoneyWorld.Kwd), null, DateTimeOffset.UnixEpoch), default);
        found.ShouldBeOfType<GatewayAnswer<RefundFact?>.Accepted>().Value!.Reference.ShouldBe("re_2");
        asked.Count.ShouldBe(2);
        asked[1].ShouldContain("starting_after=re_1");
    }
}
