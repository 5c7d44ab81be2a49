using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways.PayPal;
using Guildhall.Money.Payments;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Money.Gateways.PayPal;

/// <summary>A world that takes US dollars and yen by PayPal, over a line of its own.</summary>
public class PayPalWorld : MoneyWorld
{
    internal const string OtherWebhook = "1JE4291016473214C";
    internal static readonly Currency Jpy = Currency.Of("JPY");

    internal Wire PayPalWire { get; private set; } = null!;

    /// <summary>The certificates of messages that the test signs itself.</summary>
    internal PayPalEvent Signer { get; } = new();

    internal override HostSettings Configure(HostSettings settings, int node)
    {
        var api = settings.SandboxUrl!;
        return base.Configure(settings, node) with
        {
            PayPal = new PayPalOptions((PayPalWire ??= new Wire(api)).Address, "guildhall_sandbox_paypal", "guildhall_sandbox_paypal_secret", [OtherWebhook, "WHGUILDHALLSANDBOX"], settings.Url) { Pages = api, Payouts = true },
        };
    }

    internal async ValueTask StartsWithPayPal()
    {
        await StartsAfresh();
        PayPalWire.Before = null;
        await Database.Execute("""
            insert into foundation.settings (key, value, version, changed_at) values ('money.gateways', '"USD=paypal JPY=paypal KWD=paypal *=stripe"', 1, now()) on conflict do nothing
            """);
    }

    internal async Task<Deal> Dollars(long minor = 2_500, bool captureLater = false) =>
        await OrderOf([new Guildhall.Money.Orders.OrderLine("A session – جلسة", new Amount(minor, Usd))], captureLater: captureLater) with { Currency = Usd };

    /// <summary>A deal of 25 dollars that was paid.</summary>
    internal async Task<(Deal Deal, PaymentId Payment)> PaysByPayPal()
    {
        var deal = await Dollars();
        var payment = await deal.Starts();
        await OnThePage(payment);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        return (deal, payment.Id);
    }

    /// <summary>What a customer does in the browser: chooses on PayPal's page and is sent back to us.</summary>
    internal async Task OnThePage(PaymentView payment, string funds = "good")
    {
        using var form = new FormUrlEncodedContent([new("funds", funds)]);
        using var answer = await Sandbox.Http.PostAsync(new Uri(payment.RedirectUrl!), form);
        answer.RequestMessage!.RequestUri!.Port.ShouldBe(Addresses[0].Port); // we are back home
    }

    /// <summary>The same by a customer whose browser never comes back.</summary>
    internal async Task Approves(Deal deal, PaymentId payment, string funds = "good") => await Sandbox.Post($"/sandbox/paypal/orders/{await deal.SessionOf(payment)}/approve", new { funds });

    /// <summary>PayPal's orders of a payment, as PayPal shows them.</summary>
    internal async Task<JsonElement[]> AtPayPal(PaymentId payment) =>
        [.. (await Sandbox.Get("/sandbox/paypal/orders")).EnumerateArray().Where(o => Unit(o).GetProperty("custom_id").GetString() == payment.ToString())];

    /// <summary>The captures, authorizations or refunds of a payment.</summary>
    internal async Task<JsonElement[]> Parts(PaymentId payment, string kind) =>
        [.. (await AtPayPal(payment)).SelectMany(o => Unit(o).TryGetProperty("payments", out var p) && p.TryGetProperty(kind, out var parts) ? parts.EnumerateArray().ToArray() : [])];

    private static JsonElement Unit(JsonElement order) => order.GetProperty("purchase_units")[0];

    /// <summary>Sends a message signed by the test; its certificate is found where it says.</summary>
    internal async Task<Answer> Hears(string body, string? webhook = null, Func<string, string>? url = null, Func<string, string>? tamper = null)
    {
        PayPalWire.Before = async http =>
        {
            if (!http.Request.Path.StartsWithSegments("/v1/notifications/certs", StringComparison.Ordinal)) return false;
            await http.Response.WriteAsync(Signer.Pem);
            return true;
        };
        var where = new Uri(PayPalWire.Address, "/v1/notifications/certs/CERT-" + Signer.Name).AbsoluteUri;
        var sent = new ByteArrayContent(Encoding.UTF8.GetBytes(tamper?.Invoke(body) ?? body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await Visitor().Send(HttpMethod.Post, "webhooks/paypal", sent, Signer.Headers(body, webhook ?? OtherWebhook, url?.Invoke(where) ?? where));
    }

    /// <summary>Sends it and waits until it was dealt with; the state it was left in.</summary>
    internal async Task<string> Learns(string body)
    {
        (await Hears(body)).Must();
        var id = JsonSerializer.Deserialize<JsonElement>(body).GetProperty("id").GetString()!;
        return await Eventually.Get(() => Database.Value<string>("select state from money.webhooks where event_id = $1", id), state => state is not "received", $"The event was not dealt with: {body}");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (PayPalWire is not null) await PayPalWire.DisposeAsync();
        Signer.Dispose();
        GC.SuppressFinalize(this);
    }
}
