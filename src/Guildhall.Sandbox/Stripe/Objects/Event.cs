using System.Text.Json;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Stripe.Objects;

/// <summary>An event and the bytes it is delivered as.
/// They are fixed when it happens: every delivery, and every resend, sends the same.</summary>
internal sealed record Event(string Id, string Type, long Created, string? Account, string Object, string Body)
{
    public static Event Of(string type, long created, string? account, object about, string? request, string? key)
    {
        var id = Ids.New("evt_");
        var data = JsonSerializer.SerializeToElement(about, about.GetType(), SandboxJson.Wire);
        var body = JsonSerializer.Serialize(
            new
            {
                id,
                @object = "event",
                api_version = "2026-10-28.endive",
                account,
                created,
                data = new { @object = data },
                livemode = false,
                pending_webhooks = 1,
                request = new { id = request, idempotency_key = key },
                type,
            },
            SandboxJson.Wire);
        return new Event(id, type, created, account, data.GetProperty("id").GetString()!, body);
    }
}

internal enum DeliveryState { Waiting, Delivered, GivenUp, NoEndpoint }

/// <summary>How far the sandbox is with telling the product.
/// <c>NotBefore</c> is real time in milliseconds: networks have no movable clock.</summary>
internal sealed record Delivery(string Event, DeliveryState State, int Attempts, long NotBefore, string? LastAnswer);
