using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Chat;
using Guildhall.Marketplace.Moderation;
using Guildhall.Marketplace.Series;

namespace Guildhall.Tests.Marketplace.Moderation;

[Covers("B-6")]
public sealed class BlockPersonTests(TalkWorld world) : IClassFixture<TalkWorld>
{
    [Fact, Covers("marketplace-25")]
    public async Task A_block_stops_messages_files_and_bookings_at_once_on_every_node_and_both_read_so_in_the_chat()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        await using var open = await world.Follows(shop.Provider, $"chat:{chat}", node: 1);
        (await shop.Writes(customer, chat, "Hello", "first")).Granted.ShouldBeTrue();
        (await open.Next()).Name.ShouldBe("chat-message");

        var block = (await BlockPerson.Run(world.Data(), customer, chat, default)).OrThrow();
        block.Name.ShouldBe("Omar Haddad");
        (await open.Next(TimeSpan.FromSeconds(1))).Name.ShouldBe("chat-paused");
        foreach (var node in new[] { 0, 1 })
        {
            (await shop.Writes(shop.Provider, chat, "Why?", node: node)).Refusal.ShouldBe(MarketplaceRefusals.PeopleBlocked);
            (await shop.Writes(customer, chat, "So.", node: node)).Refusal.ShouldBe(MarketplaceRefusals.PeopleBlocked);
            (await ShowTyping.Run(world.Data(node), shop.Provider, chat, default)).Refusal.ShouldBe(MarketplaceRefusals.PeopleBlocked);
            (await shop.TriesToHold(customer, world.InDays(9), node)).Refusal.ShouldBe(MarketplaceRefusals.PeopleBlocked);
            (await BookingFiles.Subject.Rights(world.Data(node), customer, booking.Id.ToString(), default)).ShouldBe(Guildhall.Files.Upload.FileRights.Read);
        }
        (await shop.Writes(customer, chat, "Hello", "first")).OrThrow().Seq.ShouldBe(1); // what was stored is answered as ever
        (await shop.TriesToHold(await world.Customer(), world.InDays(9))).Granted.ShouldBeTrue();

        var (mine, theirs) = ((await ReadChat.Run(world.Data(1), customer, chat, default)).OrThrow(), (await ReadChat.Run(world.Data(1), shop.Provider, chat, default)).OrThrow());
        (mine.Paused, mine.MyBlock, theirs.Paused, theirs.MyBlock, theirs.Unread).ShouldBe((true, block.Id, true, null, 1));
        (await BlockPerson.Run(world.Data(1), customer, chat, default)).OrThrow().Id.ShouldBe(block.Id);
        (await shop.Sees(customer, booking.Id)).State.ShouldBe(BookingState.Confirmed);
        (await world.Database.Count("foundation.audit where action = 'person.blocked' and subject_id = $1", chat.ToString())).ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_holds_a_series_with_whom_a_block_stands()
    {
        var (shop, customer, booking) = await Booked();
        var rules = (await SetSaleRules.Read(world.Data(), shop.Provider, shop.Service, default)).OrThrow();
        (await SetSaleRules.Run(world.Data(), shop.Provider, shop.Service, new SetSaleRules.Body([], rules.Revision, SeriesMost: 4), default)).OrThrow();
        (await BlockPerson.Run(world.Data(), shop.Provider, booking.ChatId!.Value, default)).OrThrow();
        Task<Result<ReadSeries.View>> Holds(Caller who) => HoldSeries.Run(world.Data(1), who, new HoldSeries.Body(shop.Service, world.InDays(9).ToString("O"), 1, 3), default);
        (await Holds(customer)).Refusal.ShouldBe(MarketplaceRefusals.PeopleBlocked);
        (await Holds(await world.Customer())).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_paid_goes_on_by_its_booking_and_what_is_only_held_is_let_go()
    {
        var (shop, customer, booking) = await Booked();
        var held = await shop.Holds(customer, world.InDays(6));
        await BlockPerson.Run(world.Data(), shop.Provider, booking.ChatId!.Value, default);
        await world.EventuallyOr("The hold was to be let go", async () => (await shop.Sees(customer, held.Id)).State == BookingState.Cancelled);
        ((await shop.Sees(customer, held.Id)).CancelledBy, await shop.Claims(held.Id)).ShouldBe((CancelledBy.Provider, 0));
        (await shop.Cancels(customer, booking.Id)).OrThrow().State.ShouldBe(BookingState.Cancelled);
        (await shop.Refunds(booking.OrderId)).ShouldBe(booking.Price.Minor);
    }

    [Fact]
    public async Task Lifting_opens_the_chat_again_unless_the_other_side_blocks_too()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        var mine = (await BlockPerson.Run(world.Data(), customer, chat, default)).OrThrow();
        var theirs = (await BlockPerson.Run(world.Data(1), shop.Provider, chat, default)).OrThrow();
        theirs.Name.ShouldBe("Layla Al-Sayed");
        (await LiftBlock.Run(world.Data(), shop.Provider, mine.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.BlockNotFound);
        (await LiftBlock.Run(world.Data(), customer, mine.Id, default)).Granted.ShouldBeTrue();
        (await LiftBlock.Run(world.Data(), customer, mine.Id, default)).Granted.ShouldBeTrue();
        (await shop.Writes(customer, chat, "Hello")).Refusal.ShouldBe(MarketplaceRefusals.PeopleBlocked);
        (await ListBlocks.Run(world.Data(), customer, default)).OrThrow().Items.ShouldBeEmpty();

        (await LiftBlock.Run(world.Data(1), shop.Provider, theirs.Id, default)).Granted.ShouldBeTrue();
        (await shop.Writes(customer, chat, "Hello")).Granted.ShouldBeTrue();
        (await shop.TriesToHold(customer, world.InDays(9))).Granted.ShouldBeTrue();
        (await ListMessages.Run(world.Data(1), customer, chat, 0, default)).OrThrow().Items.Select(m => (m.Seq, m.Kind)).ShouldBe([(1, MessageKind.Paused), (2, MessageKind.Resumed), (3, MessageKind.Text)]);
        foreach (var stranger in new[] { MarketplaceWorld.Anybody(), MarketplaceWorld.Staff }) (await BlockPerson.Run(world.Data(), stranger, chat, default)).Refusal.ShouldBe(MarketplaceRefusals.ChatNotFound);
    }

    [Fact]
    public async Task Messages_that_race_with_the_block_are_all_before_it()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        await using var gate = await Gate.Close(world.Database, "select 1 from marketplace.chats where id = $1 for update", chat.Value);
        var sends = Enumerable.Range(0, 6).Select(n => Task.Run(() => shop.Writes(shop.Provider, chat, $"Message {n}", node: n % 2))).ToArray();
        var blocking = Task.Run(() => BlockPerson.Run(world.Data(), customer, chat, default));
        await gate.OpenWhenWaiting(7);
        (await blocking).OrThrow();
        var sent = (await Task.WhenAll(sends)).Count(r => r.Granted);
        var kinds = (await ListMessages.Run(world.Data(), customer, chat, 0, default)).OrThrow().Items.Select(m => m.Kind).ToArray();
        kinds.ShouldBe([.. Enumerable.Repeat(MessageKind.Text, sent), MessageKind.Paused]);
    }

    [Fact]
    public async Task A_hold_that_races_with_the_block_comes_before_it_and_is_let_go_or_is_refused()
    {
        var (shop, customer, booking) = await Booked();
        await using var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended($1, 0))", PersonBlocks.Holder(customer.AccountId!.Value));
        var blocking = Task.Run(() => BlockPerson.Run(world.Data(), shop.Provider, booking.ChatId!.Value, default));
        var holding = Task.Run(() => shop.TriesToHold(customer, world.InDays(9), node: 1));
        await gate.OpenWhenWaiting(2);
        (await blocking).OrThrow();
        var held = await holding;
        if (!held.Granted) held.Refusal.ShouldBe(MarketplaceRefusals.PeopleBlocked);
        await world.EventuallyOr("No hold may be left", async () => await world.Database.Count("marketplace.bookings where customer_id = $1 and state = 'held'", customer.AccountId!.Value) == 0);
    }

    private async Task<(Shop, Caller, BookingView)> Booked()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        return (shop, customer, await shop.Books(customer, world.InDays(4)));
    }
}
