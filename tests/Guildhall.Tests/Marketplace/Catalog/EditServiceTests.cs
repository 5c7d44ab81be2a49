using Guildhall.Marketplace;
using Guildhall.Tests.Marketplace.Calendars;

namespace Guildhall.Tests.Marketplace.Catalog;

[Collection(nameof(CalendarTests))]
[Covers("B-1")]
public sealed class EditServiceTests(CalendarWorld world)
{
    [Fact]
    public async Task A_provider_changes_what_is_sold_and_what_was_sold_stays()
    {
        var (shop, customer, provider) = (await world.Shop(priceMinor: 25_000), await world.Customer(), await world.Person("provider"));
        await world.Database.Execute("update marketplace.providers set account_id = $2 where id = $1", shop.Id.Value, provider.Id);
        var sold = await shop.Books(customer, world.InDays(3));
        var path = $"providers/me/services/{shop.Service}";
        var body = new
        {
            name = "Yurt raising", nameAr = "نصب خيمة", description = "With you.", kind = "visit", category = "other", minutes = 90, bufferMinutes = 30, price = new { minor = 40_000, currency = "KWD" },
            noticeMinutes = 60, horizonDays = 30, active = true, revision = 1,
        };
        var changed = (await provider.Put(path, body)).Must();
        (changed.Word("service.name"), changed.At("service.price.minor").GetInt64(), changed.At("revision").GetInt32()).ShouldBe(("Yurt raising", 40_000, 2));
        (await provider.Put(path, body)).MustRefuse(MarketplaceRefusals.ServiceChanged);
        (await world.Visitor().Get($"services/{shop.Service}")).Must().Word("nameAr").ShouldBe("نصب خيمة");

        var still = await shop.Sees(customer, sold.Id);
        (still.ServiceName, still.Price, still.EndsAt, still.Kind).ShouldBe((sold.ServiceName, sold.Price, sold.EndsAt, sold.Kind));
        (await shop.Holds(customer, world.InDays(5))).Price.Minor.ShouldBe(40_000);

        (await provider.Put(path, body with { active = false, revision = 2 })).Must();
        (await world.Visitor().Get($"services/{shop.Service}")).MustRefuse(MarketplaceRefusals.ServiceNotFound);
        (await world.Visitor().Get("services/search?q=yurt")).Must().At("items").GetArrayLength().ShouldBe(0);
        (await provider.Get("providers/me/services")).Must().At("items.0.active").GetBoolean().ShouldBeFalse();
        (await world.Database.Count("foundation.audit where action = 'service.changed' and subject_id = $1", shop.Service.ToString())).ShouldBe(2);
    }

    [Fact, Covers("marketplace-28")]
    public async Task What_staff_granted_of_a_providers_texts_covers_nothing_that_is_written_later()
    {
        var (shop, provider) = (await world.Shop(), await world.Person("provider"));
        await world.Database.Execute("update marketplace.providers set account_id = $2 where id = $1", shop.Id.Value, provider.Id);
        var body = new
        {
            name = "Reed cutting", description = "Call me on +965 5512 3456 first.", kind = "visit", minutes = 60, bufferMinutes = 0, price = new { minor = 40_000, currency = "KWD" }, noticeMinutes = 0, horizonDays = 30,
            category = "other", active = true, revision = 1,
        };
        (await provider.Put($"providers/me/services/{shop.Service}", body with { name = "Reeds, 5512 3456" })).MustRefuse(FoundationRefusals.InvalidInput);
        await Grants();
        var own = (await provider.Put($"providers/me/services/{shop.Service}", body)).Must();
        await IsHidden(own.Word("service.id"));
        await Grants();
        await IsHidden((await provider.Post("providers/me/services", body)).Must(201).Word("service.id"));
        own.Word("service.description").ShouldContain("5512"); // the owner edits what they wrote

        Task Grants() => world.Database.Execute("""
            insert into marketplace.mask_appeals (id, text, subject_id, author_id, state, appealed_at, decided_by, decided_why, decided_at) values (gen_random_uuid(), 'profile', $1, $2, 'granted', now(), $2, 'No phone.', now())
            on conflict (text, subject_id) do update set state = 'granted', decided_by = $2, decided_why = 'No phone.', decided_at = now()
            """, shop.Id.Value, provider.Id);

        async Task IsHidden(string service)
        {
            (await world.Visitor().Get($"services/{service}")).Must().Word("description").ShouldNotContain("5512");
            (await world.Database.Count("marketplace.mask_appeals where subject_id = $1 and state = 'open'", shop.Id.Value)).ShouldBe(1);
        }
    }

    [Fact]
    public async Task What_cannot_be_sold_and_what_is_somebody_elses_is_refused()
    {
        var (shop, provider) = (await world.Shop(), await world.Person("provider"));
        var other = await world.Shop();
        await world.Database.Execute("update marketplace.providers set account_id = $2 where id = $1", shop.Id.Value, provider.Id);
        var good = new
        {
            name = "Zebra walking", description = "Twice.", kind = "visit", minutes = 60, bufferMinutes = 0, price = new { minor = 1L, currency = "JPY" }, noticeMinutes = 0, horizonDays = 1, category = (string?)null, revision = 1,
        };
        (await provider.Put($"providers/me/services/{other.Service}", good)).MustRefuse(MarketplaceRefusals.ServiceNotFound);
        var added = (await provider.Post("providers/me/services", good)).Must(201);
        added.At("revision").GetInt32().ShouldBe(1);
        (await world.Visitor().Get("services/search?q=zebra")).Must().Word("items.0.service.id").ShouldBe(added.Word("service.id"));
        foreach (var (wrong, field) in new (object, string)[]
                 {
                     (good with { name = " " }, "name"), (good with { name = new string('x', 121) }, "name"), (good with { description = "" }, "description"), (good with { minutes = 9 }, "minutes"),
                     (good with { bufferMinutes = 241 }, "bufferMinutes"), (good with { price = new { minor = 0L, currency = "JPY" } }, "price"),
                     (good with { noticeMinutes = -1 }, "noticeMinutes"), (good with { horizonDays = 366 }, "horizonDays"),
                 })
            (await provider.Post("providers/me/services", wrong)).MustRefuse(FoundationRefusals.InvalidInput).Text.ShouldContain($"\"{field}\"");
        (await provider.Post("providers/me/services", good with { category = "nothing" })).MustRefuse(MarketplaceRefusals.CategoryNotFound);
        (await (await world.Person()).Post("providers/me/services", good)).MustRefuse(MarketplaceRefusals.NotAProvider);

        (await provider.Put("providers/me/place", new { latitude = 29.3, longitude = 48.1 })).Must();
        (await provider.Get("providers/me/place")).Must().At("latitude").GetDouble().ShouldBe(29.3);
        foreach (var wrong in new object[] { new { latitude = 91, longitude = 0 }, new { latitude = 1 }, new { longitude = 1 } }) (await provider.Put("providers/me/place", wrong)).MustRefuse(MarketplaceRefusals.PlaceInvalid);
        (await world.Visitor().Get($"providers/{shop.Id}")).Must().Text.ShouldNotContain("29.3");
    }

    [Fact]
    public async Task Staff_name_categories_and_a_category_out_of_use_takes_no_new_service()
    {
        var (staff, provider, shop) = (await world.Person("admin"), await world.Person("provider"), await world.Shop());
        await world.Database.Execute("update marketplace.providers set account_id = $2 where id = $1", shop.Id.Value, provider.Id);
        (await provider.Put("admin/categories/gardens", new { nameEn = "Gardens", nameAr = "حدائق", position = 55 })).Must(403);
        (await staff.Put("admin/categories/gardens", new { nameEn = "Gardens", nameAr = "حدائق", position = 55, active = false })).Must().Word("nameAr").ShouldBe("حدائق");
        (await staff.Put("admin/categories/Gardens!", new { nameEn = "x", nameAr = "x", position = 1 })).MustRefuse(MarketplaceRefusals.CategoryInvalid);
        var body = new { name = "Hedges", description = "Cut.", kind = "visit", minutes = 60, bufferMinutes = 0, price = new { minor = 1000, currency = "KWD" }, category = "gardens" };
        (await provider.Post("providers/me/services", body)).MustRefuse(MarketplaceRefusals.CategoryNotFound);
        (await staff.Put("admin/categories/gardens", new { nameEn = "Gardens", nameAr = "حدائق", position = 55 })).Must();
        (await provider.Post("providers/me/services", body)).Must(201).Word("service.category").ShouldBe("gardens");
    }
}
