using Guildhall.Marketplace;
using Guildhall.Marketplace.Resources;

namespace Guildhall.Tests.Marketplace.Resources;

[Covers("B-4", "marketplace-15", "marketplace-55")]
public sealed class EditResourceTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task A_provider_keeps_resources_and_says_what_a_service_needs()
    {
        var (shop, provider) = (await world.Shop(), await world.Person("provider"));
        await world.Database.Execute("update marketplace.providers set account_id = $2 where id = $1", shop.Id.Value, provider.Id);
        var van = (await provider.Post("providers/me/resources", new { name = " Van " })).Must(201);
        van.Word("name").ShouldBe("Van");
        (await provider.Post("providers/me/resources", new { name = "van" })).MustRefuse(MarketplaceRefusals.ResourceNameTaken);
        foreach (var wrong in new[] { " ", new string('x', 61), "a\nb" }) (await provider.Post("providers/me/resources", new { name = wrong })).MustRefuse(MarketplaceRefusals.ResourceNameInvalid);
        var path = $"providers/me/resources/{van.Word("id")}";
        (await provider.Put(path, new { name = "Van 1", revision = 2 })).MustRefuse(MarketplaceRefusals.ResourceChanged);
        (await provider.Put(path, new { name = "Van 1", revision = 1 })).Must().At("revision").GetInt32().ShouldBe(2);

        var rules = $"providers/me/services/{shop.Service}/rules";
        var seen = (await provider.Get(rules)).Must().At("revision").GetInt32();
        (await provider.Put(rules, new { resources = new[] { van.Word("id") }, revision = seen + 1 })).MustRefuse(MarketplaceRefusals.ServiceChanged);
        (await provider.Put(rules, new { resources = new[] { van.Word("id"), van.Word("id") }, revision = seen })).Must().At("resources").GetArrayLength().ShouldBe(1);
        (await provider.Delete(path)).MustRefuse(MarketplaceRefusals.ResourceNeeded);
        (await provider.Put(rules, new { resources = Array.Empty<string>(), revision = seen + 1 })).Must();
        (await provider.Delete(path)).Must(204);
        (await provider.Get("providers/me/resources")).Must().At("items").GetArrayLength().ShouldBe(0);
        (await provider.Put(rules, new { resources = new[] { van.Word("id") }, revision = seen + 2 })).MustRefuse(MarketplaceRefusals.ResourceNotFound);
        (await provider.Post("providers/me/resources", new { name = "Van 1" })).Must(201); // the name is free again
        (await world.Database.Count("foundation.audit where subject_id = $1", van.Word("id"))).ShouldBe(3);
        (await (await world.Person()).Get("providers/me/resources")).MustRefuse(MarketplaceRefusals.NotAProvider);
    }

    [Fact]
    public async Task What_is_somebody_elses_is_used_when_it_is_shared_and_changed_by_nobody_else()
    {
        var (one, other, third) = (await world.Shop(), await world.Shop(), await world.Shop());
        var van = await one.Adds("Van");
        (await other.TriesToNeed(van)).Refusal.ShouldBe(MarketplaceRefusals.ResourceNotFound);
        (await ShareResource.Share(world.Data(), other.Provider, van, new ShareResource.Body(third.Id), default)).Refusal.ShouldBe(MarketplaceRefusals.ResourceNotFound);
        (await ShareResource.Share(world.Data(), one.Provider, van, new ShareResource.Body(one.Id), default)).Refusal.ShouldBe(MarketplaceRefusals.ProviderNotFound);
        await one.Shares(van, other);
        await one.Shares(van, other);
        await other.Needs(van);
        (await ListResources.Run(world.Data(), other.Provider, default)).OrThrow().Items.ShouldHaveSingleItem().Mine.ShouldBeFalse();
        (await EditResource.Change(world.Data(), other.Provider, van, new EditResource.Body("Mine", 1), default)).Refusal.ShouldBe(MarketplaceRefusals.ResourceNotFound);
        (await RemoveResource.Run(world.Data(), other.Provider, van, default)).Refusal.ShouldBe(MarketplaceRefusals.ResourceNotFound);
        (await RemoveResource.Run(world.Data(), one.Provider, van, default)).Refusal!.Code.ShouldBe("resource_needed");

        var sold = await other.Books(await world.Customer(), world.InDays(9));
        (await ShareResource.End(world.Data(), one.Provider, van, other.Id, default)).OrThrow().SharedWith.ShouldBeEmpty();
        (await other.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(10))).Refusal.ShouldBe(MarketplaceRefusals.ServiceNotFound); // it cannot be delivered without the van
        (await world.Database.Count("messaging.notices where person_id = $1 and template = 'service_lost_resource'", other.Provider.AccountId!.Value)).ShouldBe(1);
        (await other.Claims(sold.Id)).ShouldBe(2); // what was sold keeps the van
        await one.Needs(van);
        (await one.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(9))).Refusal!.Code.ShouldBe("slot_unavailable");
    }
}
