using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Money;
using Guildhall.Money.Refunds;
using Guildhall.Tests.Files;

namespace Guildhall.Tests.Marketplace.ClientProjects;

/// <summary>Whom a project is begun for, and as what they act.</summary>
[Covers("B-8")]
public sealed class ProjectPartiesTests(FilesWorld world) : IClassFixture<FilesWorld>
{
    [Fact]
    [Covers("marketplace-25")]
    public async Task Nothing_is_begun_for_a_booking_whose_money_has_gone_back()
    {
        var work = await Work.Between(world);
        (await work.Provider.Post($"bookings/{work.Booking.Word("id")}/actions/cancel", new { })).Must().At("refund.minor").GetInt64().ShouldBe(25_000);
        (await work.TriesToBegin(work.Provider)).MustRefuse(MarketplaceRefusals.ClientProjectUnpaid);
        (await work.TriesToBegin(await world.Staff())).MustRefuse(MarketplaceRefusals.ClientProjectUnpaid);
        (await work.Provider.Send(HttpMethod.Get, "/desk/projects/new")).Must().Text.ShouldNotContain(work.Booking.Word("id"));

        var half = await Work.Between(world);
        (await world.Data().InTransaction(tx => RequestRefund.Run(tx, Caller.System("test"), Id.TryParse<OrderId>(half.Booking.Word("orderId"), out var order) ? order : default, new Amount(10_000, Currency.Of("KWD")), "asked"))).OrThrow();
        (await half.Provider.Send(HttpMethod.Get, "/desk/projects/new")).Must().Text.ShouldContain(half.Booking.Word("id"));
        await half.Begins();
    }

    [Fact]
    [Covers("I-12", "marketplace-25")]
    public async Task Staff_who_are_the_client_are_the_client_and_nothing_else()
    {
        var admin = await world.Staff();
        var work = await Work.Between(world, client: admin);
        await work.Begins("Secret plan");
        await work.Adds();
        (await admin.Get(work.Path())).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
        (await admin.Get("admin/client-projects")).Must().Text.ShouldNotContain("Secret plan");
        (await work.TriesToAdd(admin)).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
        (await work.Changes(admin, 1, new { title = "Plan", dueOn = "2031-05-01", amount = new { minor = 1, currency = "KWD" }, revision = 1 })).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
        (await work.Tries(admin, "open")).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
        await work.Does("open");
        var seen = (await admin.Get(work.Path())).Must();
        (seen.Word("role"), seen.At("mayRun").GetBoolean()).ShouldBe(("client", false));
        (await work.Tries(admin, "pause")).MustRefuse(MarketplaceRefusals.OnlyTheProvider);
        (await (await world.Staff()).Get("admin/client-projects")).Must().Text.ShouldContain("Secret plan");
    }
}
