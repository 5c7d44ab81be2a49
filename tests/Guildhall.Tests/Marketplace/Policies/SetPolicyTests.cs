using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Policies;

namespace Guildhall.Tests.Marketplace.Policies;

[Covers("B-4", "marketplace-23")]
public sealed class SetPolicyTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task A_booking_keeps_the_terms_it_was_sold_by_and_each_tier_does_what_it_says()
    {
        var (shop, elsewhere) = (await world.Shop(), await world.Shop());
        var customer = await world.Customer();
        var before = await shop.Books(customer, world.InDays(6));
        var set = await shop.SellsBy([(72, 100), (24, 60), (0, 30)], noShow: 10);
        (set.Version, set.MadeBy).ShouldBe((1, MarketplaceWorld.Staff.AccountId));
        var sold = await shop.Books(customer, world.InDays(7));
        (await shop.SellsBy([(0, 0)])).Version.ShouldBe(2);

        (await shop.Terms(customer, before.Id)).OrThrow().FreeUntil.ShouldBe(before.StartsAt.AddHours(-24));
        (await elsewhere.Books(customer, world.InDays(7))).State.ShouldBe(BookingState.Confirmed);
        (await ReadPolicy.Run(world.Data(), elsewhere.Service, default)).OrThrow().Tiers.ShouldBe([new(24, 100), new(0, 50)]);
        (await ReadPolicy.Run(world.Data(), shop.Service, default)).OrThrow().Version.ShouldBe(2);

        (int, int, CancellationRule)[] steps = [(72, 100, CancellationRule.Free), (71, 60, CancellationRule.Late), (24, 60, CancellationRule.Late), (23, 30, CancellationRule.Late), (0, 30, CancellationRule.Late),
            (-1, 10, CancellationRule.Begun)];
        foreach (var (hoursBefore, percent, rule) in steps)
        {
            await world.Clock.Passes(sold.StartsAt.AddHours(-hoursBefore) - world.Clock.Now - 1.Minutes());
            var terms = (await shop.Terms(customer, sold.Id)).OrThrow();
            (terms.Rule, terms.BackPercent, terms.Refund.Minor, terms.PolicyVersion).ShouldBe((rule, percent, 250 * percent, 1));
            var provider = (await shop.Terms(shop.Provider, sold.Id)).OrThrow();
            (provider.Rule, provider.Refund).ShouldBe((CancellationRule.ByProvider, sold.Price));
        }
        (await shop.Cancels(customer, sold.Id, new CancelBooking.Body(SeenRefundMinor: 2_500))).OrThrow().State.ShouldBe(BookingState.Cancelled);
        (await shop.Refunds(sold.OrderId)).ShouldBe(2_500);
    }

    [Fact]
    public async Task Terms_that_contradict_themselves_or_were_set_meanwhile_are_refused()
    {
        var shop = await world.Shop();
        SetPolicy.Body Of((int, int)[] tiers, int noShow = 0, int seen = 0, string why = "As agreed.", bool follows = false, int move = 24, int moves = 3) =>
            new(shop.Service, [.. tiers.Select(t => new CancellationTier(t.Item1, t.Item2))], noShow, move, moves, seen, why, follows);
        foreach (var bad in new[]
        {
            Of([]), Of([(24, 100)]), Of([(24, 50), (0, 60)]), Of([(24, 100), (24, 50), (0, 0)]), Of([(0, 101)]), Of([(-1, 100), (0, 0)]), Of([(0, 20)], noShow: 21), Of([(0, 20)], noShow: -1),
            Of([(0, 20)], move: -1), Of([(0, 20)], moves: 21), Of([(0, 20)], why: "x"), Of([(7, 90), (6, 80), (5, 70), (4, 60), (3, 50), (2, 40), (0, 0)]),
        })
            (await SetPolicy.Run(world.Data(), MarketplaceWorld.Staff, bad, default)).Refusal!.Code.ShouldBe("cancellation_policy_invalid");

        (await SetPolicy.Run(world.Data(), MarketplaceWorld.Staff, Of([(0, 20)]), default)).OrThrow().Version.ShouldBe(1);
        (await SetPolicy.Run(world.Data(), MarketplaceWorld.Staff, Of([(0, 30)]), default)).Refusal!.Code.ShouldBe("cancellation_policy_changed");
        await using (var gate = await Gate.Close(world.Database, "lock table marketplace.cancellation_policies in share row exclusive mode"))
        {
            var racers = Enumerable.Range(0, 2).Select(n => Task.Run(() => SetPolicy.Run(world.Data(n), MarketplaceWorld.Staff, Of([(0, 30 + n)], seen: 1), default))).ToArray();
            await gate.OpenWhenWaiting(2);
            (await Task.WhenAll(racers)).Select(r => r.Refusal?.Code ?? "set").Order().ShouldBe(["cancellation_policy_changed", "set"]);
        }
        var operation = MarketplaceWorld.Staff with { OperationId = Guid.CreateVersion7() };
        for (var i = 0; i < 2; i++) (await SetPolicy.Run(world.Data(), operation, Of([], seen: 2, follows: true), default)).OrThrow().Version.ShouldBe(3);
        (await ReadPolicy.Run(world.Data(), shop.Service, default)).OrThrow().Tiers.ShouldBe([new(24, 100), new(0, 50)]);
        var view = (await ListPolicies.Run(world.Data(), shop.Service.ToString(), default)).OrThrow();
        view.Versions.Select(v => v.Version).ShouldBe([3, 2, 1]);
        view.Others.ShouldNotContain(o => o.ServiceId == shop.Service);
        (await ListPolicies.Run(world.Data(), "srv_nothing", default)).Refusal.ShouldBe(MarketplaceRefusals.ServiceNotFound);

        SetPolicy.Preview(Of([(24, 100), (0, 33)], noShow: 1), new Amount(25_000, Currency.Of("KWD"))).OrThrow().Select(l => (l.HoursBefore, l.Refund.Minor, l.Kept.Minor))
            .ShouldBe([(24, 25_000, 0), (0, 8_250, 16_750), (null, 250, 24_750)]);
        var nobody = await world.Person();
        (await nobody.Post("admin/cancellation-policies", new { tiers = new[] { new { hoursBefore = 0, backPercent = 0 } }, noShowBackPercent = 0, moveHours = 1, maxMoves = 1, seenVersion = 1, why = "Because" })).Must(403);
        (await nobody.Get("admin/cancellation-policies")).Must(403);
        (await world.Visitor().Get($"services/{shop.Service}/cancellation-policy")).Must().At("tiers.0.hoursBefore").GetInt32().ShouldBe(24);
    }
}
