using System.Text.Json;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Series;
using NodaTime;

namespace Guildhall.Tests.Marketplace.Series;

[Covers("B-4", "marketplace-16")]
public sealed class HoldSeriesTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public void The_wall_time_stays_over_a_change_of_the_clocks_and_a_skipped_one_is_named()
    {
        var dublin = DateTimeZoneProviders.Tzdb["Europe/Dublin"];
        var all = Occurrences.Of(Instant.FromUtc(2027, 3, 21, 9, 30), dublin, everyWeeks: 1, count: 3, most: 10).OrThrow();
        all.Select(o => o.Wall.TimeOfDay).ShouldAllBe(t => t == new LocalTime(9, 30));
        all.Select(o => o.Start!.Value).ShouldBe([Instant.FromUtc(2027, 3, 21, 9, 30), Instant.FromUtc(2027, 3, 28, 8, 30), Instant.FromUtc(2027, 4, 4, 8, 30)]);

        all = Occurrences.Of(Instant.FromUtc(2027, 3, 14, 1, 30), dublin, everyWeeks: 2, count: 3, most: 10).OrThrow();
        all.Select(o => o.Start is null).ShouldBe([false, true, false]);
        all[1].NextValid.ShouldBe("2027-03-28T02:00:00+01:00");
        all[2].Start.ShouldBe(Instant.FromUtc(2027, 4, 11, 0, 30));

        all = Occurrences.Of(Instant.FromUtc(2027, 10, 24, 0, 30), dublin, everyWeeks: 1, count: 2, most: 10).OrThrow();
        all[1].Start.ShouldBe(Instant.FromUtc(2027, 10, 31, 0, 30)); // the first pass of the hour that comes twice
        foreach (var (every, count) in new[] { (0, 2), (9, 2), (1, 1), (1, 11) }) Occurrences.Of(Instant.FromUtc(2027, 3, 21, 9, 30), dublin, every, count, most: 10).Refusal!.Code.ShouldBe("series_invalid");
    }

    [Fact]
    public async Task The_preview_lists_what_is_not_free_and_all_or_the_listed_are_held()
    {
        var (shop, customer) = (await SellsSeries(6), await world.Customer());
        var start = world.InDays(10);
        await shop.Books(await world.Customer(), start.AddDays(14).AddMinutes(30));
        var preview = (await PreviewSeries.Run(world.Data(), shop.Service, start.ToString("O"), 1, 4, default)).OrThrow();
        preview.Items.Select(i => i.IsFree).ShouldBe([true, true, false, true]);
        preview.Items[2].Reasons.ShouldHaveSingleItem().ShouldBe(new ExplainSlot.Reason(SlotObstacle.Taken));
        preview.AllFree.ShouldBeFalse();
        (await world.Database.Count("marketplace.bookings where service_id = $1", shop.Service.Value)).ShouldBe(1); // looking holds nothing

        var refused = (await Tries(shop, customer, start, 4)).Refusal!;
        refused.Code.ShouldBe("series_conflict");
        ((PreviewSeries.View)refused.Details!["preview"]!).Items.Select(i => i.IsFree).ShouldBe([true, true, false, true]);
        (await Tries(shop, customer, start, 4, 1, 3)).Refusal!.Code.ShouldBe("series_conflict");
        foreach (var wrong in new int[][] { [1], [1, 9], [2, 2] }) (await Tries(shop, customer, start, 4, wrong)).Refusal!.Code.ShouldBe("series_invalid");
        (await world.Database.Count("marketplace.series where service_id = $1", shop.Service.Value)).ShouldBe(0);

        var series = (await Tries(shop, customer, start, 4, 1, 2, 4)).OrThrow();
        series.Bookings.Select(b => b.StartsAt).ShouldBe([start, start.AddDays(7), start.AddDays(21)]);
        series.Bookings.Select(b => (b.Series!.No, b.Series.Of)).ShouldBe([(1, 3), (2, 3), (3, 3)]);
        series.Bookings.Select(b => b.OrderId).Distinct().Count().ShouldBe(3);
        series.Bookings.ShouldAllBe(b => b.State == BookingState.Held && b.Price.Minor == 25_000);
        series.Bookings[0].HoldUntil.ShouldBe(series.Bookings[0].CreatedAt.AddMinutes(10));
        series.Bookings.Skip(1).Select(b => b.HoldUntil).ShouldBe([start, start.AddDays(14)]); // seven days before
        (await shop.TriesToHold(MarketplaceWorld.Anybody(), start.AddDays(21))).Refusal!.Code.ShouldBe("slot_unavailable");
        (await ReadSeries.Run(world.Data(), MarketplaceWorld.Anybody(), series.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.SeriesNotFound);
        (await ReadSeries.Run(world.Data(), shop.Provider, series.Id, default)).Granted.ShouldBeTrue();
        (await world.Overlaps()).ShouldBe(0);
    }

    [Fact]
    public async Task Each_is_paid_for_itself_and_one_that_is_not_is_released_with_all_that_follow()
    {
        var (shop, customer) = (await SellsSeries(6), await world.Customer());
        var series = (await Tries(shop, customer, world.InDays(10), 4)).OrThrow();
        (await Tries(shop, customer, world.InDays(11), 2)).Refusal.ShouldBe(MarketplaceRefusals.SeriesUnpaid);
        await Pays(shop, customer, series.Bookings[0]);
        for (var n = 0; n < 3; n++) await shop.Holds(customer, world.InDays(13 + n)); // those that follow are no open holds
        await world.Clock.Passes(11.Minutes());
        await world.JobsAreDone();
        (await States(series, customer)).ShouldBe([BookingState.Confirmed, BookingState.Held, BookingState.Held, BookingState.Held]);

        await Pays(shop, customer, series.Bookings[1]);
        await world.Clock.Passes(series.Bookings[2].HoldUntil - world.Clock.Now - 2.Days() + 1.Minutes());
        await world.JobsAreDone();
        (await Told(customer, "series_pay_reminder")).ShouldBe(1);
        await world.Clock.Passes(2.Days());
        await world.EventuallyOr("The rest was not released", async () => (await States(series, customer)).Count(s => s == BookingState.Expired) == 2);
        (await States(series, customer)).ShouldBe([BookingState.Confirmed, BookingState.Confirmed, BookingState.Expired, BookingState.Expired]);
        await world.JobsAreDone();
        (await Told(customer, "series_released")).ShouldBe(1);
        foreach (var released in series.Bookings.Skip(2)) (await shop.Claims(released.Id)).ShouldBe(0);
        (await world.Database.Count("money.payments p join money.orders o on o.id = p.order_id where o.subject_id = any ($1)", series.Bookings.Skip(2).Select(b => b.Id.Value).ToArray())).ShouldBe(0);
    }

    [Fact]
    public async Task A_series_whose_first_is_not_paid_is_nobodys()
    {
        var (shop, customer) = (await SellsSeries(6), await world.Customer());
        var series = (await Tries(shop, customer, world.InDays(10), 4)).OrThrow();
        await world.Clock.Passes(11.Minutes());
        await world.EventuallyOr("It was not released", async () => (await States(series, customer)).All(s => s == BookingState.Expired));
        (await world.Database.Count("marketplace.claims where resource = $1", shop.Id.Value)).ShouldBe(0);
    }

    [Fact]
    public async Task One_that_is_cancelled_while_the_series_is_looked_at_is_looked_at_as_well()
    {
        var (shop, customer) = (await SellsSeries(6), await world.Customer());
        var series = (await Tries(shop, customer, world.InDays(10), 3)).OrThrow();
        foreach (var booking in series.Bookings.Take(2)) await Pays(shop, customer, booking);
        (await shop.Cancels(customer, series.Bookings[0].Id)).OrThrow();
        await world.JobsAreDone();
        // The look at the first cancellation is under way and has seen the second as paid.
        await world.Database.Execute("""
            insert into foundation.jobs (kind, payload, state, run_at, lease_until, fence, attempts, created_at, max_attempts, unique_key)
            values ('keep_series', $1::jsonb, 'running', $2, now() + interval '1 hour', 1, 1, $2, 10, $3)
            """, JsonSerializer.Serialize(new KeepSeries(series.Id, null), JsonRules.Options), world.Clock.Now, series.Id.ToString());
        (await shop.Cancels(customer, series.Bookings[1].Id)).OrThrow();
        await world.Database.Execute("delete from foundation.jobs where kind = 'keep_series' and state = 'running' and not again");
        await world.Database.Execute("update foundation.jobs set state = 'ready', lease_until = null where kind = 'keep_series' and state = 'running'");
        await world.EventuallyOr("The third was not released", async () => (await States(series, customer))[2] == BookingState.Expired);
    }

    [Fact]
    public async Task A_series_and_a_single_hold_at_the_same_moment_and_no_slot_is_sold_twice()
    {
        var (shop, customer) = (await SellsSeries(6), await world.Customer());
        var start = world.InDays(10);
        await using var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"resource:{shop.Id.Value:n}");
        var series = Task.Run(() => Tries(shop, customer, start, 4));
        var single = Task.Run(() => shop.TriesToHold(MarketplaceWorld.Anybody(), start.AddDays(14), node: 1));
        await gate.OpenWhenWaiting(2);
        var (all, one) = (await series, await single);
        (all.Granted ^ one.Granted).ShouldBeTrue();
        (all.Refusal?.Code ?? one.Refusal?.Code).ShouldBeOneOf("series_conflict", "slot_unavailable");
        (await world.Database.Count("marketplace.claims where resource = $1", shop.Id.Value)).ShouldBe(all.Granted ? 4 : 1);
        (await world.Overlaps()).ShouldBe(0);
    }

    [Fact]
    public async Task One_and_all_that_follow_are_cancelled_by_the_terms_of_each()
    {
        var (shop, customer) = (await SellsSeries(6), await world.Customer());
        await shop.SellsBy([(24 * 12, 100), (0, 40)]);
        var series = (await Tries(shop, customer, world.InDays(10), 3)).OrThrow();
        foreach (var booking in series.Bookings.Take(2)) await Pays(shop, customer, booking);
        var preview = (await CancelSeries.Read(world.Data(), customer, series.Id, 1, default)).OrThrow();
        preview.Items.Select(l => (l.No, l.Terms.Refund.Minor)).ShouldBe([(1, 10_000), (2, 25_000), (3, 0)]);
        preview.Refund.Minor.ShouldBe(35_000);
        (await CancelSeries.Run(world.Data(), customer, series.Id, new CancelSeries.Body(1, SeenRefundMinor: 1), default)).Refusal!.Code.ShouldBe("cancellation_terms_changed");
        (await CancelSeries.Run(world.Data(), MarketplaceWorld.Staff, series.Id, new CancelSeries.Body(1), default)).Refusal.ShouldBe(MarketplaceRefusals.SeriesNotFound);

        var left = (await CancelSeries.Run(world.Data(), customer, series.Id, new CancelSeries.Body(2, "Moving away.", 25_000), default)).OrThrow();
        left.Bookings.Select(b => b.State).ShouldBe([BookingState.Confirmed, BookingState.Cancelled, BookingState.Cancelled]);
        (await shop.Refunds(series.Bookings[1].OrderId)).ShouldBe(25_000);
        (await CancelSeries.Run(world.Data(), customer, series.Id, new CancelSeries.Body(2), default)).Refusal.ShouldBe(MarketplaceRefusals.SeriesEnded);
        (await CancelSeries.Run(world.Data(), shop.Provider, series.Id, new CancelSeries.Body(1), default)).OrThrow().Bookings[0].State.ShouldBe(BookingState.Cancelled);
        (await shop.Refunds(series.Bookings[0].OrderId)).ShouldBe(25_000); // the provider cancelled
        (await world.Database.Count("marketplace.claims where resource = $1", shop.Id.Value)).ShouldBe(0);
    }

    [Fact, Covers("marketplace-4")]
    public async Task A_cancellation_that_was_cut_off_in_the_middle_goes_on_with_the_same_key_and_is_found_done_afterwards()
    {
        var (shop, customer) = (await SellsSeries(6), await world.Customer());
        var series = (await Tries(shop, customer, world.InDays(30), 3)).OrThrow();
        foreach (var booking in series.Bookings) await PaysAtTheGateway(shop, customer, booking); // what it does not know it does not refund
        var (asks, body) = (customer with { OperationId = Guid.CreateVersion7() }, new CancelSeries.Body(2, "Moving away.", 50_000));
        (await shop.Cancels(asks, series.Bookings[1].Id)).Granted.ShouldBeTrue(); // so far it came
        for (var time = 0; time < 2; time++)
            (await CancelSeries.Run(world.Data(time), asks, series.Id, body, default)).OrThrow().Bookings.Select(b => b.State).ShouldBe([BookingState.Confirmed, BookingState.Cancelled, BookingState.Cancelled]);
        foreach (var booking in series.Bookings.Skip(1)) (await shop.Refunds(booking.OrderId)).ShouldBe(25_000);
        (await CancelSeries.Run(world.Data(), customer with { OperationId = Guid.CreateVersion7() }, series.Id, body, default)).Refusal.ShouldBe(MarketplaceRefusals.SeriesEnded);
        (await CancelSeries.Run(world.Data(), customer with { OperationId = Guid.CreateVersion7() }, series.Id, body with { From = 1 }, default)).Refusal!.Code.ShouldBe("cancellation_terms_changed");
    }

    [Fact]
    public async Task Over_http_only_services_that_allow_it_are_sold_so_and_a_lost_answer_makes_no_second_series()
    {
        var (plain, shop) = (await world.Shop(), await SellsSeries(4));
        var (customer, stranger) = (await world.Person(), await world.Person());
        var body = new { serviceId = shop.Service.ToString(), start = world.InDays(10), everyWeeks = 2, count = 3 };
        (await customer.Post("series", new { serviceId = plain.Service.ToString(), start = world.InDays(10), everyWeeks = 1, count = 2 })).MustRefuse(MarketplaceRefusals.NoSeries);
        (await world.Visitor().Get($"services/{plain.Service}/series?start={world.InDays(10):yyyy-MM-dd}T10:00&every=1&count=2")).MustRefuse(MarketplaceRefusals.NoSeries);
        (await world.Visitor().Get($"services/{shop.Service}/series?start={world.InDays(10):yyyy-MM-dd}T10:00&every=2&count=3")).Must().At("allFree").GetBoolean().ShouldBeTrue();
        var key = Guid.NewGuid().ToString();
        var series = (await customer.Post("series", body, key)).Must(201);
        (await customer.Post("series", body, key)).Must(201).Word("id").ShouldBe(series.Word("id"));
        (await world.Database.Count("marketplace.bookings where service_id = $1", shop.Service.Value)).ShouldBe(3);
        (await stranger.Get($"series/{series.Word("id")}")).MustRefuse(MarketplaceRefusals.SeriesNotFound);
        (await stranger.Get($"series/{series.Word("id")}/cancellation")).MustRefuse(MarketplaceRefusals.SeriesNotFound);
        (await stranger.Post($"series/{series.Word("id")}/actions/cancel", new { from = 1 })).MustRefuse(MarketplaceRefusals.SeriesNotFound);
        var seen = (await SetSaleRules.Read(world.Data(), shop.Provider, shop.Service, default)).OrThrow();
        foreach (var wrong in new[] { new SetSaleRules.Body([], seen.Revision, SeriesMost: 1), new SetSaleRules.Body([], seen.Revision, SeriesMost: 27), new SetSaleRules.Body([], seen.Revision, AsksApproval: true, SeriesMost: 4) })
            (await SetSaleRules.Run(world.Data(), shop.Provider, shop.Service, wrong, default)).Refusal.ShouldBe(MarketplaceRefusals.SaleRulesInvalid);
    }

    private async Task<Shop> SellsSeries(int most)
    {
        var shop = await world.Shop();
        var seen = (await SetSaleRules.Read(world.Data(), shop.Provider, shop.Service, default)).OrThrow();
        (await SetSaleRules.Run(world.Data(), shop.Provider, shop.Service, new SetSaleRules.Body([], seen.Revision, SeriesMost: most), default)).OrThrow();
        return shop;
    }

    private Task<Result<ReadSeries.View>> Tries(Shop shop, Caller customer, DateTimeOffset start, int count, params int[] only) =>
        HoldSeries.Run(world.Data(), customer, new HoldSeries.Body(shop.Service, start.ToString("O"), 1, count, only.Length == 0 ? null : only), default);

    private static async Task Pays(Shop shop, Caller customer, BookingView booking) => await shop.Captured(await shop.StartsToPay(customer, booking), booking.Price);

    private async Task PaysAtTheGateway(Shop shop, Caller customer, BookingView booking)
    {
        var payment = await shop.StartsToPay(customer, booking);
        await world.Gateway.Pays(await world.Database.Value<string>("select gateway_ref from money.payments where id = $1", payment.Value), "success");
        await Eventually.Get(() => shop.Sees(customer, booking.Id), b => b.State == BookingState.Confirmed, "It was to be confirmed");
    }

    private async Task<IReadOnlyList<BookingState>> States(ReadSeries.View series, Caller who) => [.. (await ReadSeries.Run(world.Data(), who, series.Id, default)).OrThrow().Bookings.Select(b => b.State)];

    private Task<long> Told(Caller customer, string template) => world.Database.Count("messaging.notices where person_id = $1 and template = $2", customer.AccountId!.Value, template);
}
