using Guildhall.Money;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Tests.Money;

/// <summary>Over HTTP, the nodes taking turns.</summary>
public sealed class AccessTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-20", "money-100")]
    public async Task A_stranger_finds_nothing_of_others_and_can_do_nothing_to_it()
    {
        var deal = await world.Order();
        var payment = await deal.PaidAndReleased();
        var asked = (await RequestWithdrawal.Run(world.Data(), world.Rails, deal.Provider, new Amount(10_000, MoneyWorld.Kwd), default)).OrThrow();
        var stranger = world.As(await world.Provider());

        (await stranger.Get($"orders/{deal.Order}")).MustRefuse(MoneyRefusals.OrderNotFound);
        (await stranger.Get($"payments/{payment}")).MustRefuse(MoneyRefusals.PaymentNotFound);
        (await stranger.Post($"orders/{deal.Order}/payments")).MustRefuse(MoneyRefusals.OrderNotFound);
        (await stranger.Post($"payments/{payment}/actions/cancel")).MustRefuse(MoneyRefusals.PaymentNotFound);
        (await stranger.Post($"withdrawals/{asked.Id}/actions/cancel")).MustRefuse(MoneyRefusals.WithdrawalNotFound);
        (await stranger.Get("withdrawals")).Must().At("withdrawals").GetArrayLength().ShouldBe(0);
        (await stranger.Get($"withdrawals?after={asked.Id}")).Must().At("withdrawals").GetArrayLength().ShouldBe(0);
        (await stranger.Get("providers/me/balance")).Must().At("balances").GetArrayLength().ShouldBe(0);
        foreach (var staffOnly in new[] { $"payments/{payment}/timeline", "admin/payments", "admin/withdrawals" }) (await stranger.Get(staffOnly)).Must(403);
        (await stranger.Post($"payments/{payment}/refunds", new { reason = "mine" })).Must(403);
        (await stranger.Post($"admin/withdrawals/{asked.Id}/actions/approve", new { revision = 1 })).Must(403);
        (await world.Visitor().Get("providers/me/balance")).Must(401);
        (await world.Books.Has(deal.Provider)).ShouldBe(11_250);
    }

    [Fact]
    [Covers("money-100")]
    public async Task Filters_take_values_and_not_sql()
    {
        await world.Order();
        var staff = world.As(MoneyWorld.Staff);
        foreach (var filter in new[] { "x' or '1'='1", "captured'; drop table money.orders; --", "%", "null" })
        {
            (await staff.Get($"admin/payments?state={Uri.EscapeDataString(filter)}")).Must().At("payments").GetArrayLength().ShouldBe(0);
            (await staff.Get($"admin/withdrawals?state={Uri.EscapeDataString(filter)}")).Must().At("withdrawals").GetArrayLength().ShouldBe(0);
        }
        (await staff.Get("admin/payments?after=pay_1' or 1=1")).Status.ShouldBe(400);
        (await staff.Get("payments/pay_1' or 1=1")).Status.ShouldBeInRange(400, 404);
    }

    [Fact]
    [Covers("money-1", "money-5", "money-11")]
    public async Task Twenty_clicks_with_one_key_start_one_payment_and_read_the_same()
    {
        var deal = await world.Order();
        var customer = world.As(deal.Customer);
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => customer.Post($"orders/{deal.Order}/payments", key: key)));
        answers.ShouldAllBe(a => a.Status == 201);
        answers.Select(a => a.Text).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        (await world.Gateway.Did("checkout_sessions")).Count(s => string.Equals(s.GetProperty("client_reference_id").GetString(), answers[0].Word("id"), StringComparison.Ordinal)).ShouldBe(1);
        (await customer.Send(HttpMethod.Post, $"orders/{deal.Order}/payments")).Must(400);
    }

    [Fact]
    [Covers("money-7")]
    public async Task Too_little_money_is_told_again_for_the_same_key_after_money_came_and_not_for_a_new_one()
    {
        var provider = await world.Provider();
        var (asker, key, body) = (world.As(provider), Guid.NewGuid().ToString(), new { amount = new { minor = 10_000, currency = "KWD" } });
        (await asker.Post("withdrawals", body, key)).MustRefuse(MoneyRefusals.BalanceTooLow);
        await (await world.Order(provider: provider)).PaidAndReleased();
        (await asker.Post("withdrawals", body, key)).MustRefuse(MoneyRefusals.BalanceTooLow).Headers["Idempotency-Replayed"].ShouldBe("true");
        (await asker.Post("withdrawals", body)).Must(201).Word("state").ShouldBe("pending");
    }

    [Fact]
    [Covers("money-8")]
    public async Task A_key_that_is_used_after_its_answer_was_forgotten_finds_what_it_made()
    {
        var (asker, key, body) = (world.As(await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd))), Guid.NewGuid().ToString(), new { amount = new { minor = 10_000, currency = "KWD" } });
        var first = (await asker.Post("withdrawals", body, key)).Must(201);
        await world.Database.Execute("update foundation.idempotency set expires_at = now() - interval '1 hour' where key = $1", key);
        await world.Data().InTransaction(tx => ForgetExpired.Run(tx, new ForgetExpired()));
        (await world.Database.Count("foundation.idempotency where key = $1 and response is not null", key)).ShouldBe(0);
        (await asker.Post("withdrawals", body, key)).Must(201).Word("id").ShouldBe(first.Word("id"));
        (await asker.Post("withdrawals", new { amount = new { minor = 20_000, currency = "KWD" } }, key)).Must(422);
        (await asker.Get("withdrawals")).Must().At("withdrawals").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    [Covers("money-49")]
    public async Task Numbers_that_are_no_amounts_are_refused()
    {
        var asker = world.As(await world.Provider());
        foreach (var minor in new[] { "9223372036854775808", "1e30", "1.5", "\"10\"", "null" })
        {
            var body = StripeEvent.Json(System.Text.Encoding.UTF8.GetBytes($$$"""{"amount":{"minor":{{{minor}}},"currency":"KWD"}}"""));
            (await asker.Send(HttpMethod.Post, "withdrawals", body, ("Idempotency-Key", Guid.NewGuid().ToString()))).Status.ShouldBeInRange(400, 422);
        }
        (await asker.Post("withdrawals", new { amount = new { minor = 10, currency = "XYZ" } })).Status.ShouldBeInRange(400, 422);
    }
}
