using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Tests.Money;

namespace Guildhall.Tests.Web.Console;

public sealed class HoldFormsTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact, Covers("M-2", "A-3")]
    public async Task Held_money_is_taken_in_part_on_the_payment_s_page()
    {
        var (deal, payment) = await world.Held();
        var (page, browser) = ($"/console/payments/{payment}", new StaffBrowser(world, MoneyWorld.Staff));
        (await browser.Does(page, page + "/capture", ("amount", "99.000"))).Must().Text.ShouldContain("More than what is held");
        (await browser.Does(page, page + "/capture", ("amount", "20.000"))).Must();
        await deal.Becomes(payment, PaymentState.Captured);
        (await browser.Opens(page)).Must().Text.ShouldContain("was charged and is in the books");
    }

    [Fact, Covers("M-2", "A-3")]
    public async Task Held_money_is_let_go_on_the_payment_s_page_with_a_reason()
    {
        var (deal, payment) = await world.Held();
        var (page, browser) = ($"/console/payments/{payment}", new StaffBrowser(world, MoneyWorld.Staff));
        (await browser.Does(page, page + "/void", ("reason", ""))).Must().Text.ShouldContain("Say why");
        (await browser.Does(page, page + "/void", ("reason", "The provider declined."))).Must();
        await deal.Becomes(payment, PaymentState.Cancelled);
    }

    [Fact, Covers("M-4", "A-3")]
    public async Task What_was_set_aside_is_decided_on_its_page()
    {
        var deal = await world.Order();
        var payment = (await deal.Starts()).Id;
        await world.Data().InTransaction(tx => SettlePayment.Run(tx, Caller.Gateway("stripe"), new PaymentFact(payment, FactState.Captured, new Amount(20_000, MoneyWorld.Kwd), "pi_less")));
        var page = $"/console/quarantine/{await world.Database.Value<long>("select id from money.quarantine where payment_id = $1", payment.Value)}";
        var browser = new StaffBrowser(world, MoneyWorld.Staff);
        (await browser.Opens("/console/quarantine?reason=wrong_amount")).Must().Text.ShouldContain($"href=\"{page}\"");
        (await browser.Opens($"/console/payments/{payment}")).Must().Text.ShouldContain(page);
        (await browser.Does(page, page + "/resolve", ("how", "accepted"), ("reason", ""))).Must().Text.ShouldContain("Say why");
        (await browser.Does(page, page + "/resolve", ("how", "accepted"), ("reason", "Agreed with the customer."))).Must().Text.ShouldContain("Booked as it is");
        (await deal.Payment(payment)).Captured.ShouldBe(new Amount(20_000, MoneyWorld.Kwd));
    }

    [Fact, Covers("money-89", "A-3")]
    public async Task A_message_is_looked_at_as_it_came_and_read_again()
    {
        await world.Learns(StripeEvent.Intent(new Guildhall.Money.PaymentId(Guid.CreateVersion7()), "succeeded", 1_000, eventId: "evt_looked_at"));
        var page = $"/console/messages/{await world.Database.Value<long>("select id from money.webhooks where event_id = 'evt_looked_at'")}";
        var browser = new StaffBrowser(world, MoneyWorld.Staff);
        (await browser.Opens("/console/messages?state=unmatched&proof=proven")).Must().Text.ShouldContain($"href=\"{page}\"");
        (await browser.Opens(page)).Must().Text.ShouldContain("evt_looked_at");
        (await browser.Does(page, page + "/replay")).Must().Text.ShouldContain("being read again");
    }
}
