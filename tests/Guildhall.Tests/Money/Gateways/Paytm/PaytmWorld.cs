using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways.Paytm;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Money.Gateways.Paytm;

/// <summary>A world where rupees are paid by Paytm, which the sandbox plays.</summary>
public class PaytmWorld : MoneyWorld
{
    internal static readonly Currency Inr = Currency.Of("INR");
    internal const string Key = "guildhallSandbox";

    internal override HostSettings Configure(HostSettings settings, int node)
    {
        var with = base.Configure(settings, node);
        return with with { Paytm = new PaytmOptions(with.StripeApi, "GUILDH00000000000001", Key, "WEBSTAGING", settings.Url) };
    }

    internal async Task Opens()
    {
        await StartsAfresh();
        await Database.Execute("""
            insert into foundation.settings (key, value, version, changed_at) values ('money.gateways', '"INR=paytm *=stripe"', 1, now()) on conflict do nothing
            """);
    }

    /// <summary>An order of 250 rupees.</summary>
    internal async Task<Deal> Deal(long minor = 25_000) => await Order(new Amount(minor, Inr)) with { Currency = Inr };

    /// <summary>The customer does this at the page; answers the form that the browser is sent back with.</summary>
    internal async Task<Dictionary<string, string>> Does(PaymentId payment, string outcome = "pay") =>
        (await Sandbox.Post($"/sandbox/paytm/orders/{payment}/{outcome}")).EnumerateObject().ToDictionary(f => f.Name, f => f.Value.GetString()!, StringComparer.Ordinal);

    /// <summary>The browser comes back.</summary>
    internal Task<Answer> Returns(PaymentId payment, Dictionary<string, string> fields) => Sends($"/return/paytm/{payment}", fields);

    /// <summary>The server tells.</summary>
    internal Task<Answer> Tells(Dictionary<string, string> fields) => Sends("webhooks/paytm", fields);

    private Task<Answer> Sends(string path, Dictionary<string, string> fields) => Visitor().Send(HttpMethod.Post, path,
        new ByteArrayContent(Encoding.ASCII.GetBytes(string.Join('&', fields.Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}")))) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } });

    internal async Task<IReadOnlyList<JsonElement>> Orders(PaymentId payment) => await Of("orders", "id", payment.ToString());

    internal async Task<IReadOnlyList<JsonElement>> Refunds(RefundId refund) => await Of("refunds", "refId", refund.ToString());

    private async Task<IReadOnlyList<JsonElement>> Of(string list, string name, string value) =>
        [.. (await Sandbox.Get($"/sandbox/paytm/{list}")).EnumerateArray().Where(o => o.GetProperty(name).GetString() == value)];
}
