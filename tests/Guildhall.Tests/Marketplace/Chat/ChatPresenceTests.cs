using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Chat;
using Guildhall.Marketplace.Moderation;

namespace Guildhall.Tests.Marketplace.Chat;

[Covers("B-6")]
public sealed class ChatPresenceTests(TalkWorld world) : IClassFixture<TalkWorld>
{
    [Fact]
    public async Task Who_has_the_chat_open_is_seen_by_the_other_side_on_another_node_until_they_leave()
    {
        var (shop, customer, chat) = await Talk();
        await using var provider = await world.Follows(shop.Provider, $"chat-presence:{chat}", node: 1);
        await Sees(provider, shop.Provider);
        var comes = await world.Follows(customer, $"chat-presence:{chat}", node: 0);
        await Sees(provider, shop.Provider, customer);
        await Sees(comes, shop.Provider, customer);
        await comes.DisposeAsync();
        await Sees(provider, shop.Provider);

        // Whoever comes back with what another node last told them sees how it stands now.
        await using var again = await world.Follows(customer, $"chat-presence:{chat}", node: 1, lastEventId: $"chat-presence:{chat}=99999999999999");
        await Sees(again, shop.Provider, customer);
    }

    [Fact]
    public async Task Who_was_on_a_node_that_died_is_forgotten()
    {
        var (shop, customer, chat) = await Talk();
        await using var provider = await world.Follows(shop.Provider, $"chat-presence:{chat}");
        await Sees(provider, shop.Provider);
        await world.Get<NodeChannel>(1).Hint("presence", $"a-node-that-dies;+chat-presence:{chat}={customer.AccountId:n}");
        await Sees(provider, shop.Provider, customer);
        await Sees(provider, shop.Provider);
    }

    [Fact, Covers("marketplace-55")]
    public async Task Nobody_is_seen_without_an_open_chat_in_common()
    {
        var (shop, customer, chat) = await Talk();
        foreach (var stranger in new[] { MarketplaceWorld.Anybody(), await world.Customer() })
        {
            await using var refused = await world.Follows(stranger, $"chat-presence:{chat}");
            ((int)refused.Status).ShouldBe(404);
        }
        await using var provider = await world.Follows(shop.Provider, $"chat-presence:{chat}");
        await Sees(provider, shop.Provider);
        (await BlockPerson.Run(world.Data(), customer, chat, default)).OrThrow();
        await using var blocked = await world.Follows(customer, $"chat-presence:{chat}", node: 1);
        await Sees(provider);
        await Sees(blocked);
    }

    [Fact]
    public async Task That_somebody_writes_is_seen_for_five_seconds_of_the_clock()
    {
        var (shop, customer, chat) = await Talk();
        await using var provider = await world.Follows(shop.Provider, $"chat-state:{chat}", node: 1);
        (await ShowTyping.Run(world.Data(), customer, chat, default)).Granted.ShouldBeTrue();
        var standing = (await provider.Next(TimeSpan.FromSeconds(2))).Data.GetProperty("data")[0];
        standing.GetProperty("personId").GetGuid().ShouldBe(customer.AccountId!.Value);
        (standing.GetProperty("typingUntil").GetDateTimeOffset() - world.Clock.Now).ShouldBeInRange(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
    }

    // The last word counts: between two looks there may be one more.
    private static async Task Sees(EventReader stream, params Caller[] people)
    {
        var wanted = people.Select(p => p.AccountId!.Value).Order().ToArray();
        while (!(await stream.Next()).Data.GetProperty("data").GetProperty("people").EnumerateArray().Select(p => p.GetGuid()).Order().SequenceEqual(wanted)) { }
    }

    private async Task<(Shop, Caller, ChatId)> Talk()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        return (shop, customer, (await shop.Books(customer, world.InDays(4))).ChatId!.Value);
    }
}
