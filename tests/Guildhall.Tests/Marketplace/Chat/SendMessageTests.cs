using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Chat;

namespace Guildhall.Tests.Marketplace.Chat;

[Covers("B-5", "B-6")]
public sealed class SendMessageTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact, Covers("marketplace-27")]
    public async Task Messages_sent_twice_over_both_nodes_arrive_once_in_one_order()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        await using var gate = await Gate.Close(world.Database, "select 1 from marketplace.chats where id = $1 for update", chat.Value);
        var sends = Enumerable.Range(0, 20).SelectMany(n => new[] { 0, 1 }.Select(node =>
            Task.Run(() => shop.Writes(n % 2 == 0 ? customer : shop.Provider, chat, $"Message {n}", $"client-{n}", node)))).ToArray();
        await gate.OpenWhenWaiting(10);
        var results = (await Task.WhenAll(sends)).Select(r => r.OrThrow()).ToArray();

        results.Select(m => m.Id).Distinct().Count().ShouldBe(20);
        var history = (await ListMessages.Run(world.Data(1), customer, chat, 0, default)).OrThrow().Items;
        history.Select(m => m.Seq).ShouldBe(Enumerable.Range(1, 20).Select(n => (long)n));
        history.Select(m => m.Text).Distinct().Count().ShouldBe(20);
        (await ListMessages.Run(world.Data(), customer, chat, 15, default)).OrThrow().Items.Select(m => m.Seq).ShouldBe([16, 17, 18, 19, 20]);
    }

    [Fact, Covers("marketplace-25")]
    public async Task After_a_refund_the_next_message_is_refused_on_every_node_and_the_history_stays()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        (await shop.Writes(customer, chat, "Hello", "hello-1")).OrThrow().Seq.ShouldBe(1);
        (await shop.Cancels(shop.Provider, booking.Id)).OrThrow();

        foreach (var node in new[] { 0, 1 })
        {
            (await shop.Writes(customer, chat, "Are you there?", node: node)).Refusal!.Code.ShouldBe("chat_closed");
            (await shop.Writes(shop.Provider, chat, "Sorry", node: node)).Refusal!.Code.ShouldBe("chat_closed");
        }
        (await shop.Writes(customer, chat, "Hello", "hello-1")).OrThrow().Seq.ShouldBe(1);
        var history = (await ListMessages.Run(world.Data(1), customer, chat, 0, default)).OrThrow().Items;
        history.Select(m => m.Kind).ShouldBe([MessageKind.Text, MessageKind.Closed]);
        history[1].Text.ShouldBe("cancelled");
    }

    [Fact, Covers("marketplace-25")]
    public async Task Messages_racing_with_the_closing_are_all_before_it()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        await using var gate = await Gate.Close(world.Database, "select 1 from marketplace.chats where id = $1 for update", chat.Value);
        var sends = Enumerable.Range(0, 6).Select(n => Task.Run(() => shop.Writes(customer, chat, $"Message {n}", node: n % 2))).ToArray();
        var cancelling = Task.Run(() => shop.Cancels(shop.Provider, booking.Id));
        await gate.OpenWhenWaiting(7);
        (await cancelling).OrThrow();
        var sent = (await Task.WhenAll(sends)).Where(r => r.Granted).Select(r => r.Value!.Seq).ToArray();

        var history = (await ListMessages.Run(world.Data(), customer, chat, 0, default)).OrThrow().Items;
        history.Select(m => m.Seq).ShouldBe(Enumerable.Range(1, sent.Length + 1).Select(n => (long)n));
        history[^1].Kind.ShouldBe(MessageKind.Closed);
    }

    [Fact]
    public async Task Unread_counts_follow_what_was_read()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        for (var n = 0; n < 3; n++) await shop.Writes(customer, chat, $"Message {n}");
        (await ReadChat.Run(world.Data(), shop.Provider, chat, default)).OrThrow().Unread.ShouldBe(3);
        (await ReadChat.Run(world.Data(), customer, chat, default)).OrThrow().Unread.ShouldBe(0);
        (await MarkChatRead.Run(world.Data(1), shop.Provider, chat, 2, default)).Granted.ShouldBeTrue();
        (await MarkChatRead.Run(world.Data(1), shop.Provider, chat, 1, default)).Granted.ShouldBeTrue();
        var seen = (await ListChats.Run(world.Data(), shop.Provider, default)).OrThrow().Items.Single();
        (seen.Unread, seen.ReadSeq, seen.OtherReadSeq).ShouldBe((1, 2, 3));
        (await MarkChatRead.Run(world.Data(1), shop.Provider, chat, 1000, default)).Granted.ShouldBeTrue();
        (await ReadChat.Run(world.Data(), shop.Provider, chat, default)).OrThrow().ReadSeq.ShouldBe(3);
    }

    [Fact, Covers("marketplace-29", "marketplace-55")]
    public async Task What_is_no_message_is_refused_and_strangers_are_told_nothing()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        foreach (var text in new[] { "", "   ", new string('x', 4001), "bell\u0007", "nul\0" })
            (await shop.Writes(customer, chat, text)).Refusal.ShouldBe(MarketplaceRefusals.MessageInvalid);
        (await shop.Writes(customer, chat, "x", new string('k', 65))).Refusal.ShouldBe(MarketplaceRefusals.MessageInvalid);
        (await shop.Writes(customer, chat, new string('x', 4000))).Granted.ShouldBeTrue();

        foreach (var stranger in new[] { MarketplaceWorld.Anybody(), MarketplaceWorld.Staff })
        {
            (await shop.Writes(stranger, chat, "hi")).Refusal.ShouldBe(MarketplaceRefusals.ChatNotFound);
            (await ListMessages.Run(world.Data(), stranger, chat, 0, default)).Refusal.ShouldBe(MarketplaceRefusals.ChatNotFound);
            (await ReadChat.Run(world.Data(), stranger, chat, default)).Refusal.ShouldBe(MarketplaceRefusals.ChatNotFound);
        }
    }

    [Fact]
    public async Task A_message_that_stays_unread_is_told_once()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        await shop.Writes(customer, chat, "One");
        await shop.Writes(customer, chat, "Two");
        await world.Clock.Passes(2.Minutes());
        await world.EventuallyOr("The provider was to be told", async () => await Told(shop.Provider.AccountId!.Value) == 1);
        (await Told(customer.AccountId!.Value)).ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_stays_unread_is_told_although_an_earlier_one_of_that_minute_was_read()
    {
        var (shop, customer, booking) = await Booked();
        var (chat, provider) = (booking.ChatId!.Value, shop.Provider.AccountId!.Value);
        await shop.Writes(customer, chat, "One");
        (await MarkChatRead.Run(world.Data(), shop.Provider, chat, 1, default)).Granted.ShouldBeTrue();
        await world.Clock.Passes(TimeSpan.FromSeconds(30));
        await shop.Writes(customer, chat, "Two");
        await world.Clock.Passes(TimeSpan.FromSeconds(31));
        await world.JobsAreDone();
        (await Told(provider)).ShouldBe(0); // half a minute old
        await world.Clock.Passes(TimeSpan.FromSeconds(31));
        await world.EventuallyOr("The provider was to be told", async () => await Told(provider) == 1);
        await shop.Writes(shop.Provider, chat, "Answered"); // reads all before it
        await world.Clock.Passes(2.Minutes());
        await world.JobsAreDone();
        (await Told(provider)).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_comes_while_the_last_ones_are_being_told_of_is_looked_at_too()
    {
        var (shop, customer, booking) = await Booked();
        var (chat, key) = (booking.ChatId!.Value, $"{booking.ChatId}:{shop.Provider.AccountId:n}");
        await shop.Writes(customer, chat, "One");
        await world.Database.Execute("update foundation.jobs set state = 'running', lease_until = $2 where kind = 'tell_of_message' and unique_key = $1", key, DateTimeOffset.UtcNow.AddMinutes(5));
        await shop.Writes(customer, chat, "Two");
        (await world.Database.Count("foundation.jobs where unique_key = $1 and again", key)).ShouldBe(1);
        await world.Database.Execute("update foundation.jobs set state = 'ready', lease_until = null where unique_key = $1", key);
    }

    private Task<long> Told(Guid person) => world.Database.Count("messaging.notices where person_id = $1 and template = 'new_message'", person);

    private async Task<(Shop, Guildhall.Foundation.Security.Caller, BookingView)> Booked()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        return (shop, customer, await shop.Books(customer, world.InDays(4)));
    }
}
