using System.Globalization;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Catalog;
using Guildhall.Tests.Marketplace.Calendars;

namespace Guildhall.Tests.Marketplace.Catalog;

[Collection(nameof(CalendarTests))]
[Covers("B-1")]
public sealed class SearchServicesTests(CalendarWorld world)
{
    [Fact]
    public async Task Arabic_is_found_as_people_type_it_and_words_by_their_beginnings()
    {
        var shop = await world.Shop();
        await Named(shop, "Tenancy check-up, 30 minutes", "مُراجَعة عَقد الإيجار خلال ٣٠ دقيقة", "For tenants. Written answer.");
        foreach (var asked in new[]
                 {
                     "مراجعة", "مراجعه", "مُراجعة عقد", "الايجار", "إيجار", "أيجار", "عـــقد", "٣٠", "30 دقيقه", "tenan", "TENANCY check", "check-up", "tenants omar", "written عقد", "۳۰ مراجعة",
                 })
            (await Finds(shop, asked)).ShouldBeTrue(asked);
        foreach (var asked in new[] { "عقود البيع", "plumber", "enancy", "tenancy plumber", "!!!", "' or 1=1 --", "a:* & b", "\\", "%" })
            (await Finds(shop, asked)).ShouldBeFalse(asked);

        await world.Database.Execute("update marketplace.providers set headline = 'Conveyancer' where id = $1", shop.Id.Value);
        (await Finds(shop, "conveyancer tenancy")).ShouldBeTrue("the provider's words are the service's");
        (await ListServices.Run(world.Data(), null, "conveyanc مراجعه", null, default)).OrThrow().Items.ShouldHaveSingleItem().Id.ShouldBe(shop.Service);
    }

    [Fact, Covers("B-9")]
    public async Task The_best_rated_come_first_and_few_stars_do_not_win_against_many()
    {
        var shops = new List<Shop>();
        foreach (var stars in new int[][] { [5], [5, 5, 5, 5, 5, 4, 5, 4, 5, 5], [], [1, 2], [3] })
        {
            shops.Add(await world.Shop());
            await Named(shops[^1], "Glockenspiel lesson", null, "Any size.");
            foreach (var rating in stars) await Rated(shops[^1], rating);
        }
        // What is not published or not genuine counts nothing, and no stars stand between good and bad ones.
        await Rated(shops[4], 5, published: false);
        await Rated(shops[4], 5, rule: "not_genuine");
        var rated = new SearchServices.Query(Q: "glockenspiel", Sort: "rating");
        (await Order(rated, shops)).ShouldBe([1, 0, 2, 4, 3]);
        for (var more = 0; more < SearchServices.PageSize; more++) await Named(await world.Shop(), "Glockenspiel lesson", null, "Any size.");
        var first = await Search(rated);
        var second = await Search(rated with { After = first.Next });
        first.Items.Count.ShouldBe(SearchServices.PageSize);
        first.Items.Concat(second.Items).Select(i => i.Service.Id).Distinct().Count().ShouldBe(SearchServices.PageSize + shops.Count);
        second.Items[^1].Service.Id.ShouldBe(shops[3].Service);
        second.Next.ShouldBeNull();
    }

    private async Task Rated(Shop shop, int rating, bool published = true, string? rule = null)
    {
        var booking = await shop.Books(await world.Customer(), world.InDays(3 + (_sessions / 12), _sessions++ % 12 * 2));
        await world.Database.Execute("insert into marketplace.review_windows (booking_id, opened_at, closes_at) values ($1, $2, $2 + interval '1 day')", booking.Id.Value, world.Clock.Now);
        await world.Database.Execute("""
            insert into marketplace.reviews (id, booking_id, provider_id, author, rating, written_at, published_at, hidden_rule, hidden_why, hidden_by, hidden_at)
            values (gen_random_uuid(), $1, $2, 'customer', $3, $4, case when $5 then $4 end, $6::text, case when $6::text is not null then 'because' end, case when $6::text is not null then gen_random_uuid() end,
                case when $6::text is not null then $4 end)
            """, booking.Id.Value, shop.Id.Value, rating, world.Clock.Now, published, (object?)rule ?? DBNull.Value);
    }

    private int _sessions;

    [Fact]
    public async Task Category_price_and_distance_choose_and_order_page_by_page()
    {
        var shops = new List<Shop>();
        foreach (var (price, lat, lon) in new[] { (5_000, 29.3759, 47.9774), (9_000, 29.3340, 48.0760), (7_000, 29.0767, 48.0839), (6_000, 0.0, 0.0) })
        {
            shops.Add(await world.Shop(priceMinor: price));
            await Named(shops[^1], "Xylophone tuning", null, "Any size.");
            await world.Database.Execute("update marketplace.services set category_id = 'law' where id = $1 and price_minor <> 9000", shops[^1].Service.Value);
            if (lat > 0) await world.Database.Execute("update marketplace.providers set latitude = $2, longitude = $3 where id = $1", shops[^1].Id.Value, lat, lon);
        }
        var all = new SearchServices.Query(Q: "xylophone");
        (await Order(all, shops)).ShouldBe([0, 1, 2, 3]);
        (await Order(all with { Sort = "price", Currency = "KWD" }, shops)).ShouldBe([0, 3, 2, 1]);
        (await Order(all with { Category = "law" }, shops)).ShouldBe([0, 2, 3]);
        (await Order(all with { Currency = "KWD", MinMinor = 6_000, MaxMinor = 7_000 }, shops)).ShouldBe([2, 3]);
        (await Order(all with { Currency = "EUR" }, shops)).ShouldBeEmpty();
        var near = all with { Lat = 29.3759, Lon = 47.9774, Sort = "distance" };
        (await Order(near, shops)).ShouldBe([0, 1, 2, 3], "who has said no place comes last");
        (await Order(near with { Km = 12 }, shops)).ShouldBe([0, 1]);
        (await Search(near)).Items.Select(i => i.Metres).ShouldBe([500, 10_500, 35_000, null]);

        foreach (var wrong in new[] { all with { Sort = "price" }, all with { MinMinor = 1 } }) (await Refused(wrong)).ShouldBe("search_currency_missing");
        foreach (var wrong in new[] { all with { Sort = "distance" }, all with { Lat = 1 }, all with { Km = 5 }, near with { Lat = 91 }, near with { Lon = double.NaN }, near with { Km = 0 } })
            (await Refused(wrong)).ShouldBe("search_point_missing");
        foreach (var wrong in new[] { all with { Sort = "best" }, all with { Kind = "x" }, all with { After = "x" }, all with { After = "1~srv_x" }, all with { Currency = "ZZZ" } }) (await Refused(wrong)).ShouldBe("invalid_input");
        (await Refused(all with { From = Day(5), Until = Day(4) })).ShouldBe("search_days_out_of_range");
        (await Refused(all with { Until = Day(90) })).ShouldBe("search_days_out_of_range");
    }

    [Fact]
    public async Task First_free_is_the_first_slot_of_each_and_pages_hold_each_once()
    {
        var (customer, shops) = (await world.Customer(), new List<Shop>());
        for (var i = 0; i < SearchServices.PageSize + 6; i++)
        {
            var shop = await world.Shop(minutes: 30, bufferMinutes: 30, zone: i % 2 == 0 ? "Asia/Kuwait" : "America/New_York");
            shops.Add(shop);
            await Named(shop, "Zither lesson", null, "For beginners.");
            await world.Database.Execute("delete from marketplace.weekly_hours where provider_id = $1", shop.Id.Value);
            // Open for an hour on one day of the week: some are first free only after the days that are looked at first.
            await world.Database.Execute("insert into marketplace.weekly_hours values ($1, $2, $3, $3 + 60)", shop.Id.Value, 1 + (i % 7), 480 + (i * 10));
        }
        await world.Database.Execute("insert into marketplace.hour_exceptions select gen_random_uuid(), $1, d::date, null, null, '' from generate_series($2::date, $2::date + 14, interval '1 day') d", shops[0].Id.Value, Day(0));
        var full = (await ListSlots.Run(world.Data(), shops[1].Service, null, 14, "UTC", default)).OrThrow().Days.SelectMany(d => d.Slots).First();
        await shops[1].Holds(customer, full.Start);
        await world.Database.Execute("insert into marketplace.external_calendars (id, provider_id, name, host, address, next_at, created_at) values (gen_random_uuid(), $1, 'x', 'x', 'x', 'infinity', now())", shops[2].Id.Value);

        var expected = new List<(DateTimeOffset, Guid)>();
        foreach (var shop in shops)
            if ((await ListSlots.Run(world.Data(), shop.Service, $"{Day(0):yyyy-MM-dd}", 28, "UTC", default)).OrThrow().Days.SelectMany(d => d.Slots).FirstOrDefault() is { } first) expected.Add((first.Start, shop.Service.Value));
        expected = [.. expected.OrderBy(e => e.Item1).ThenBy(e => e.Item2.ToString("n"), StringComparer.Ordinal)];
        expected.Count.ShouldBe(shops.Count - 1, "one is withheld");

        var query = new SearchServices.Query(Q: "zither", Sort: "first_free", From: Day(0), Until: Day(27));
        var one = await Search(query);
        var two = await Search(query with { After = one.Next });
        (one.Items.Count, two.Next).ShouldBe((SearchServices.PageSize, null));
        one.Items.Concat(two.Items).Select(i => (i.FirstFree!.Value, i.Service.Id.Value)).ShouldBe(expected);

        var day = DateOnly.FromDateTime(expected[3].Item1.UtcDateTime);
        var within = await Search(new SearchServices.Query(Q: "zither", From: day, Until: day));
        within.Items.Select(i => i.Service.Id.Value).Order().ShouldBe(shops.Select(s => s.Service.Value).Where(s => FirstOn(day, s).Result).Order());

        async Task<bool> FirstOn(DateOnly date, Guid service) => (await ListSlots.Run(world.Data(), new ServiceId(service), $"{date:yyyy-MM-dd}", 1, "UTC", default)).OrThrow().Days[0].Slots.Count > 0;
    }

    [Fact]
    public async Task The_address_is_the_search()
    {
        var shop = await world.Shop();
        await Named(shop, "Quokka sitting", null, "At yours.");
        var found = (await world.Visitor().Get("services/search?q=quokka&sort=first_free&currency=kwd&maxMinor=30000&lat=29.4&lon=48&zone=Asia/Kuwait")).Must();
        found.At("items").GetArrayLength().ShouldBe(1);
        DateTimeOffset.Parse(found.Word("items.0.firstFree"), CultureInfo.InvariantCulture).ShouldBeGreaterThan(world.Clock.Now);
        (await world.Visitor().Get("services/search?sort=distance")).MustRefuse(MarketplaceRefusals.SearchPointMissing);
        (await world.Visitor().Get("categories")).Must().Text.ShouldContain("قانون");
    }

    private DateOnly Day(int days) => DateOnly.FromDateTime(world.Clock.Now.UtcDateTime.AddDays(days));

    private Task Named(Shop shop, string name, string? arabic, string description) =>
        world.Database.Execute("update marketplace.services set name = $2, name_ar = nullif($3, ''), description = $4 where id = $1", shop.Service.Value, name, arabic ?? "", description);

    private async Task<SearchServices.Page> Search(SearchServices.Query query) => (await SearchServices.Run(world.Data(), query, default)).OrThrow();

    private async Task<string?> Refused(SearchServices.Query query) => (await SearchServices.Run(world.Data(), query, default)).Refusal?.Code;

    private async Task<bool> Finds(Shop shop, string asked) => (await Search(new SearchServices.Query(Q: asked))).Items.Any(i => i.Service.Id == shop.Service);

    private async Task<int[]> Order(SearchServices.Query query, List<Shop> shops) => [.. (await Search(query)).Items.Select(i => shops.FindIndex(s => s.Service == i.Service.Id))];
}
