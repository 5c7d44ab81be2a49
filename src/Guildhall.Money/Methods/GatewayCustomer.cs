using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Methods;

/// <summary>Who an account is at a gateway; made when a method is to be kept for the first time.</summary>
internal static class GatewayCustomer
{
    public static async Task<GatewayAnswer<string>> Of(Database database, IGateway gateway, Guid account, CancellationToken stop)
    {
        if (await Known(database, gateway.Name, account, stop) is { } known) return new GatewayAnswer<string>.Accepted(known);
        var made = await gateway.Methods.MakeCustomer(account, stop);
        if (made is not GatewayAnswer<string>.Accepted(var reference)) return made;
        await database.Change(Insert, new { account, gateway = gateway.Name, reference, now = database.Clock.GetUtcNow() }, stop);
        return new GatewayAnswer<string>.Accepted((await Known(database, gateway.Name, account, stop))!);
    }

    private static Task<string?> Known(Database database, string gateway, Guid account, CancellationToken stop) =>
        database.Find<string>("select reference from money.gateway_customers where account_id = @account and gateway = @gateway", new { account, gateway }, stop);

    // Who came first stays: every later payment says the same.
    private const string Insert = """
        insert into money.gateway_customers (account_id, gateway, reference, created_at) values (@account, @gateway, @reference, @now) on conflict (account_id, gateway) do nothing
        """;
}
