using Guildhall.Marketplace;

namespace Guildhall.Tests.Marketplace;

/// <summary>The main job over HTTP, with requests alternating between two nodes and money moving at the sandbox.</summary>
[Covers("B-4", "B-5", "B-6", "M-7", "M-11")]
public sealed class StoryTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task A_slot_is_found_held_paid_and_delivered()
    {
        var (shop, customer, provider) = await People();
        var slots = (await customer.Get($"services/{shop.Service}/slots?days=3&zone=Europe/Dublin")).Must();
        var start = slots.At("days").EnumerateArray().SelectMany(d => d.GetProperty("slots").EnumerateArray()).First(s => s.GetProperty("start").GetDateTimeOffset() > world.Clock.Now.AddHours(3))
            .GetProperty("start").GetDateTimeOffset();
        var id = await Books(customer, shop, start);
        var chat = (await customer.Get($"bookings/{id}")).Must().Word("chatId");

        await using var live = await EventReader.Open(world.Addresses[1], $"chat:{chat}", ("Authorization", $"Bearer {provider.Token}"));
        (await customer.Post($"chats/{chat}/messages", new { clientId = "one", text = "مرحبا, see you soon" })).Must(201);
        var heard = await live.Next();
        (heard.Name, heard.Data.GetProperty("data").GetProperty("text").GetString()).ShouldBe(("chat-message", "مرحبا, see you soon"));
        var phone = await provider.OnAnotherDevice();
        await using var away = await EventReader.Open(world.Addresses[1], $"chat:{chat}", ("Authorization", $"Bearer {phone.Token}"));
        phone.OnlyNode = 0;
        (await phone.Post("auth/sign-out")).Must(204);
        await away.Ended.WaitAsync(TimeSpan.FromSeconds(5)); // who was signed out on one node hears nothing more on another
        (await provider.Get("chats")).Must().At("items.0.unread").GetInt64().ShouldBe(1);

        (await provider.Post($"bookings/{id}/actions/complete")).Status.ShouldBe(409);
        await world.Clock.Passes(start - world.Clock.Now + 1.Minutes());
        await customer.SignsIn(); // access tokens last ten minutes
        await provider.SignsIn();
        (await customer.Post($"consultations/{id}/actions/start")).MustRefuse(MarketplaceRefusals.OnlyTheProvider);
        (await provider.Post($"consultations/{id}/actions/start")).Must();
        (await provider.Post($"bookings/{id}/actions/complete")).Must().Word("state").ShouldBe("completed");

        (await live.Next(within: TimeSpan.FromSeconds(5))).Name.ShouldBe("chat-closed");
        (await customer.Post($"chats/{chat}/messages", new { clientId = "two", text = "Thanks" })).MustRefuse(MarketplaceRefusals.ChatClosed);
        (await provider.Get("providers/me/balance")).Must();
        (await world.Database.Count("messaging.notices where person_id = $1 and template in ('booking_confirmed_customer', 'session_completed')", customer.Id)).ShouldBe(2);
        (await world.Database.Count("messaging.notices where person_id = $1 and template = 'booking_confirmed_provider'", provider.Id)).ShouldBe(1);
        world.Errors.ShouldBeEmpty();
    }

    [Fact, Covers("M-8")]
    public async Task A_cancelled_booking_gives_the_money_back_closes_the_chat_and_frees_the_slot()
    {
        var (shop, customer, _) = await People();
        var start = world.InDays(5);
        var id = await Books(customer, shop, start);
        var shown = (await customer.Get($"bookings/{id}/cancellation")).Must();
        (await customer.Post($"bookings/{id}/actions/cancel", new { seenRefundMinor = shown.At("refund.minor").GetInt64() })).Must().At("refund.minor").GetInt64().ShouldBe(25_000);

        await world.EventuallyOr("The customer was to be told of the refund", async () =>
            await world.Database.Count("messaging.notices where person_id = $1 and template = 'refund_completed'", customer.Id) == 1);
        (await world.Database.Value<string>("select r.state from money.refunds r join marketplace.bookings b on b.order_id = r.order_id where b.customer_id = $1", customer.Id)).ShouldBe("completed");
        (await customer.Get($"services/{shop.Service}/slots?from={start:yyyy-MM-dd}&days=1&zone=UTC")).Must().Text.ShouldContain($"{start:yyyy-MM-ddTHH:mm:ss}");
    }

    [Fact, Covers("B-3", "marketplace-5")]
    public async Task A_provider_sets_hours_closes_a_day_and_sees_the_agenda()
    {
        var (shop, customer, provider) = await People();
        (await customer.Get("providers/me/hours")).MustRefuse(MarketplaceRefusals.NotAProvider);
        (await provider.Put("providers/me/hours", new { weekly = new[] { new { weekday = 1, from = "09:00", until = "08:00" } } })).MustRefuse(MarketplaceRefusals.HoursInvalid);
        var weekly = Enumerable.Range(1, 7).Select(weekday => new { weekday, from = "09:00", until = "12:00" }).ToArray();
        (await provider.Put("providers/me/hours", new { weekly })).Must().At("weekly").GetArrayLength().ShouldBe(7);
        var closed = DateOnly.FromDateTime(world.InDays(4).UtcDateTime);
        var exception = (await provider.Post("providers/me/exceptions", new { date = closed, note = "Holiday" })).Must(201).Word("id");
        (await provider.Post("providers/me/exceptions", new { date = closed, from = "10:00", until = "11:00" })).MustRefuse(MarketplaceRefusals.ExceptionOverlaps);

        var path = $"services/{shop.Service}/slots?from={closed.AddDays(-1):yyyy-MM-dd}&days=3";
        Counts(await customer.Get(path)).ShouldBe([5, 0, 5]);
        (await provider.Delete($"providers/me/exceptions/{exception}")).Must(204);
        Counts(await customer.Get(path)).ShouldBe([5, 5, 5]);

        await shop.Holds(MarketplaceWorld.CallerOf(customer.Id), world.InDays(4, hour: 6));
        (await provider.Get($"providers/me/agenda?date={closed:yyyy-MM-dd}")).Must().At("bookings").GetArrayLength().ShouldBe(1);
    }

    private static int[] Counts(Answer slots) => [.. slots.Must().At("days").EnumerateArray().Select(day => day.GetProperty("slots").GetArrayLength())];

    private async Task<(Shop, Person Customer, Person Provider)> People()
    {
        var shop = await world.Shop();
        var (customer, provider) = (await world.Person(), await world.Person("provider"));
        await world.Database.Execute("update marketplace.providers set account_id = $2 where id = $1", shop.Id.Value, provider.Id);
        return (shop, customer, provider);
    }

    private async Task<string> Books(Person customer, Shop shop, DateTimeOffset start)
    {
        var held = (await customer.Post("bookings", new { serviceId = shop.Service.ToString(), start })).Must(201);
        var payment = (await customer.Post($"orders/{held.Word("orderId")}/payments")).Must(201);
        await world.Gateway.Pays(await world.Database.Value<string>("select gateway_ref from money.payments p join money.orders o on o.id = p.order_id where o.customer_id = $1", customer.Id));
        payment.Word("redirectUrl").ShouldNotBeEmpty();
        await Eventually.Get(async () => (await customer.Get($"bookings/{held.Word("id")}")).Must().Word("state"), state => state == "confirmed", "The booking was to be confirmed");
        return held.Word("id");
    }
}
