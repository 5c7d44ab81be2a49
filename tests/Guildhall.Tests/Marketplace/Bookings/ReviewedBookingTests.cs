using System.Text.Json;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Bookings;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Money.Risk;

namespace Guildhall.Tests.Marketplace.Bookings;

public sealed class ReviewedBookingTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    [Covers("M-15")]
    public async Task While_a_person_looks_the_slot_is_kept_and_the_customer_is_told_each_step()
    {
        await FirstPurchasesAreLookedAt();
        var shop = await world.Shop();
        var customer = await world.Customer();
        var held = await shop.Holds(customer, world.InDays(3));
        (await StartPayment.Run(world.Data(), world.Get<GatewayBook>(), customer, held.OrderId, default)).Refusal!.Code.ShouldBe("payment_in_review");

        await world.Clock.Passes(3.Hours());
        await world.JobsAreDone();
        (await shop.Sees(customer, held.Id)).State.ShouldBe(BookingState.Held);
        (await shop.Claims(held.Id)).ShouldBe(1);
        (await DecideReview.Run(world.Data(1), MarketplaceWorld.Staff, held.OrderId, RiskReviewState.Approved, "Known to us.", default)).OrThrow();
        await shop.Captured(await shop.StartsToPay(customer, held), held.Price);
        (await shop.Sees(customer, held.Id)).State.ShouldBe(BookingState.Confirmed);
        (await world.Database.Column<string>("select template from messaging.notices where person_id = $1 and template like 'payment%' order by created_at", customer.AccountId!.Value))
            .ShouldBe(["payment_in_review", "payment_review_approved"]);
    }

    [Fact]
    [Covers("M-15")]
    public async Task A_review_that_nobody_decides_ends_with_its_time_and_the_slot_is_free_again()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        await FirstPurchasesAreLookedAt();
        var held = await shop.Holds(customer, world.InDays(5));
        (await StartPayment.Run(world.Data(), world.Get<GatewayBook>(), customer, held.OrderId, default)).Refusal!.Code.ShouldBe("payment_in_review");
        await world.Clock.Passes(5.Hours());
        await world.EventuallyOr("The hold did not expire", async () => (await shop.Sees(customer, held.Id)).State == BookingState.Expired);
        (await DecideReview.Run(world.Data(), MarketplaceWorld.Staff, held.OrderId, RiskReviewState.Approved, "Late.", default)).Refusal!.Code.ShouldBe("order_not_open");
    }

    private Task FirstPurchasesAreLookedAt() => world.Database.Execute("""
        insert into foundation.settings (key, value, version, changed_at) values ('money.risk_rules', $1::jsonb, 1, now()) on conflict (key) do nothing
        """, JsonSerializer.Serialize(RiskRules.Default with { FirstPurchasePoints = 60 }, JsonRules.Options));
}
