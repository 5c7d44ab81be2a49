using System.Net;
using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Data;
using Guildhall.Money.Payments;

namespace Guildhall.Money.Gateways;

/// <summary>Somebody who proves nothing says that something became of a payment: an unsigned callback, or a browser that comes back. It is stored as it
/// came, and the gateway is asked. Told any number of times, it is kept once and one question is queued.</summary>
internal static class TakeHint
{
    private sealed record Found(OrderId OrderId, PaymentState State, bool Opened, bool Named);

    /// <summary>The payment's order, or null when this gateway has no such payment of ours.</summary>
    public static async Task<OrderId?> Run(Transaction tx, IGateway gateway, PaymentId? payment, string proof, Message message, string? reference = null)
    {
        if (payment is { } told && reference is not null) await tx.Change(Learn, new { id = told, gateway = gateway.Name, reference, now = tx.Now });
        var found = payment is { } id ? await tx.Find<Found>("""
            select order_id, state, gateway_ref is not null as opened, gateway_payment is not null as named from money.payments where id = @id and gateway = @gateway
            """, new { id, gateway = gateway.Name }) : null;
        await tx.Change(Insert, new
        {
            gateway = gateway.Name, eventId = $"{proof}:{Fingerprint(payment, message)}", proof, body = Raw(message), sender = message.Sender,
            payment = found is null ? null : payment, state = found is null ? "unmatched" : "done", now = tx.Now,
        });
        if (found is null) return null;
        if (Payment.IsLiveIn(found.State)) await tx.EnqueueNow(new CheckPayment(payment!.Value), uniqueKey: payment.Value.ToString());
        else if (found is { Opened: true } and ({ State: not PaymentState.Captured } or { Named: false })) await tx.Enqueue(new AskOnce(payment!.Value), uniqueKey: payment.Value.ToString());
        return found.OrderId;
    }

    // The query stands first, as the address had it; then the body.
    private static byte[] Raw(Message message)
    {
        if (message.Query.Count == 0) return message.Body.ToArray();
        var query = Encoding.UTF8.GetBytes("?" + string.Join('&', message.Query.SelectMany(q => q.Value.Select(v => $"{WebUtility.UrlEncode(q.Key)}={WebUtility.UrlEncode(v)}"))) + "\n");
        return [.. query, .. message.Body.Span];
    }

    private static string Fingerprint(PaymentId? payment, Message message) => Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{payment}\n"), .. Raw(message)]));

    private const string Learn = """
        update money.payments set gateway_ref = @reference, state = case when state in ('created', 'unknown') then 'requires_action' else state end, changed_at = @now
        where id = @id and gateway = @gateway and method_id is null and (gateway_ref is null or starts_with(@reference, gateway_ref || ' '))
        """;

    private const string Insert = """
        insert into money.webhooks (gateway, event_id, type, body, proof, sender, payment_id, state, received_at, done_at)
        values (@gateway, @eventId, @proof, @body, @proof, @sender, @payment, @state, @now, @now) on conflict (gateway, event_id) do nothing
        """;
}
