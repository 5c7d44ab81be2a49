using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Payments;

public sealed class CheckPaymentTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-6")]
    public async Task A_payment_whose_every_webhook_was_lost_is_found_by_asking()
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var deal = await world.Order();
        var payment = await deal.Starts();
        await deal.PaysAtGateway(payment.Id);
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    public async Task Asking_goes_on_while_the_gateway_is_away_and_is_no_failure_of_the_job()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        world.Wire.Cuts("/v1/");
        for (var i = 0; i < 15; i++)
        {
            await world.Clock.Passes(2.Hours());
            await world.JobsAreDone();
        }
        (await world.Database.Count("foundation.jobs where unique_key = $1 and kind = 'check_payment' and state = 'ready' and attempts = 0", payment.Id.ToString())).ShouldBe(1);
        world.Wire.Before = null;
        await Eventually.True(async () =>
        {
            await world.Clock.Passes(2.Hours());
            return (await deal.Payment(payment.Id)).State is PaymentState.Expired;
        }, "It was not asked again.");
    }

    [Fact]
    [Covers("M-6")]
    public async Task Money_that_was_on_its_way_as_the_page_closed_is_found_a_day_later_though_nobody_tells()
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var deal = await world.Order();
        var payment = await deal.Starts();
        world.Wire.Answers("/v1/checkout/sessions/", 200, new
        {
            id = await deal.SessionOf(payment.Id), status = "expired", payment_status = "unpaid", amount_total = 25_000, currency = "kwd", metadata = new { payment_id = payment.Id.ToString() },
        });
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Expired);
        world.Wire.Cuts("/v1/balance_transactions"); // the daily comparison would find it too
        await deal.PaysAtGateway(payment.Id);
        await world.Clock.Passes(23.Hours());
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.Expired);
        await world.Clock.Passes(1.Hours());
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
    }
}
