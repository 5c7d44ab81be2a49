using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Money.Gateways;

/// <summary>A browser comes back from a gateway's page, perhaps by a POST from another site without our cookie. What it brings is stored as it came and
/// the gateway is asked; whatever it claims about the payment is not read.</summary>
public static class ReceiveReturn
{
    private const int MaxBytes = 16 * 1024;
    private const int MaxQuery = 8 * 1024;

    /// <param name="payment">The payment in the address; null when the gateway knows where in its query or form our reference stands.</param>
    /// <returns>The payment's order, or null when there is no such payment at this gateway.</returns>
    public static async Task<OrderId?> Run(HttpContext http, Database database, GatewayBook gateways, string name, string? payment)
    {
        if (gateways.Find(name) is not { } gateway || http.Request.QueryString.Value?.Length > MaxQuery) return null;
        if (await WholeBody.Read(http.Request, MaxBytes) is not { } body) return null;
        var message = new Message(http.Request.Headers, http.Request.Query, body, http.Connection.RemoteIpAddress);
        PaymentId? id = payment is null ? gateway.ReadReturn(message) : Id.TryParse<PaymentId>(payment, out var given) ? given : null;
        return await database.InTransaction(tx => TakeHint.Run(tx, gateway, id, "return", message), http.RequestAborted);
    }
}
