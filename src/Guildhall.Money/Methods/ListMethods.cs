using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Methods;

/// <summary>The caller's own kept methods, the default one first.</summary>
public static class ListMethods
{
    public sealed record Page(IReadOnlyList<SavedMethodView> Methods);

    /// <summary>How an order can be paid without typing a card in. <c>CanKeep</c>: a method can be kept for next time. <c>AsksByPhone</c>: the
    /// customer is asked on the phone and has to say which.</summary>
    public sealed record Choice(bool CanKeep, IReadOnlyList<SavedMethodView> Methods, bool AsksByPhone = false);

    internal static void Map(IEndpointRouteBuilder methods) => methods
        .MapGet("", async (Caller caller, Database database, CancellationToken stop) => await Run(database, caller, stop))
        .WithName(nameof(ListMethods)).RequiresSignIn().Produces<Page>();

    public static async Task<Page> Run(Database database, Caller caller, CancellationToken stop)
    {
        var now = database.Clock.GetUtcNow();
        return new Page([.. (await SavedMethods.Of(database, caller.AccountId!.Value, stop)).Select(m => m.ToView(now))]);
    }

    /// <summary>For the page on which the caller pays their order: the methods of the gateway that takes its currency now.</summary>
    public static async Task<Choice> For(Database database, GatewayBook gateways, Caller caller, OrderId id, CancellationToken stop)
    {
        if (await Orders.Orders.Find(database, id, stop) is not { } order || !caller.Is(order.CustomerId)) return new Choice(false, []);
        var gateway = await database.InTransaction(tx => gateways.For(tx, order), stop);
        if (gateway is not { Can.SavedMethods: true }) return new Choice(false, [], gateway is { Can.NeedsPhone: true });
        var all = (await Run(database, caller, stop)).Methods.Where(m => string.Equals(m.Gateway, gateway.Name, StringComparison.Ordinal)).ToList();
        return new Choice(all.Count < SavedMethods.Most, [.. all.Where(m => !m.Expired)], gateway.Can.NeedsPhone);
    }
}
