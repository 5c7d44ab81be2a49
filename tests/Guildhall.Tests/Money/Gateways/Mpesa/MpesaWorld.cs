using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways.Mpesa;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Money.Gateways.Mpesa;

/// <summary>A world where shillings are paid by M-Pesa, which the sandbox plays.</summary>
public class MpesaWorld : MoneyWorld
{
    internal static readonly Currency Kes = Currency.Of("KES");

    /// <summary>How M-Pesa is set up here.</summary>
    internal MpesaOptions Options { get; private set; } = null!;

    internal override HostSettings Configure(HostSettings settings, int node)
    {
        var with = base.Configure(settings, node);
        return with with
        {
            Mpesa = Options = new MpesaOptions(with.StripeApi, "guildhall_sandbox_mpesa_key", "guildhall_sandbox_mpesa_secret", "174379", "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
                new Uri(settings.Url, "/api/v1/webhooks/mpesa"), "callbacks of this test"u8.ToArray())
            {
                Initiator = new MpesaInitiator("testapi", "guildhall_sandbox_initiator", Sandbox.Http.GetStringAsync("/sandbox/mpesa/certificate").GetAwaiter().GetResult()),
                PayoutShortCode = "600996", NotFound = ["R000002"],
            },
        };
    }

    internal async Task Opens()
    {
        await StartsAfresh();
        await Database.Execute("""
            insert into foundation.settings (key, value, version, changed_at) values ('money.gateways', '"KES=mpesa *=stripe"', 1, now()) on conflict do nothing
            """);
    }

    private int _phone = 10_000_000 + Random.Shared.Next(80_000_000);

    /// <summary>A number that nobody else has.</summary>
    internal string Phone() => "2547" + Interlocked.Increment(ref _phone).ToString("D8", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>An order of 150 shillings.</summary>
    internal async Task<Deal> Deal(long minor = 15_000) => await Order(new Amount(minor, Kes)) with { Currency = Kes };

    /// <summary>What this number was asked, the newest first.</summary>
    internal async Task<IReadOnlyList<JsonElement>> Asked(string phone) =>
        [.. (await Sandbox.Get("/sandbox/mpesa/prompts")).EnumerateArray().Where(p => p.GetProperty("phone").GetString() == phone)];

    internal async Task<string> Answers(string phone, string outcome = "pay")
    {
        var checkout = (await Asked(phone))[0].GetProperty("checkout").GetString()!;
        await Sandbox.Post($"/sandbox/mpesa/prompts/{checkout}/{outcome}");
        return checkout;
    }

    /// <summary>How often money of this receipt was really sent back.</summary>
    internal async Task<int> Reversed(string receipt) =>
        (await Sandbox.Get("/sandbox/mpesa/reversals")).EnumerateArray().Count(r => r.GetProperty("receipt").GetString() == receipt && r.GetProperty("resultCode").GetString() == "0");

    internal Task<string> Receipt(PaymentId payment) => Database.Value<string>("select coalesce(gateway_payment, '') from money.payments where id = $1", payment.Value);

    /// <summary>Posts a body to an address that M-Pesa was told.</summary>
    internal Task<Answer> Tells(string address, string body) =>
        Visitor().Send(HttpMethod.Post, new Uri(address).PathAndQuery, new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } });

    internal static string Callback(string checkout, string amount = "150", string receipt = "SAE3YULR0Y") =>
        """{"Body":{"stkCallback":{"MerchantRequestID":"1","CheckoutRequestID":"ws_CO","ResultCode":0,"ResultDesc":"ok","CallbackMetadata":{"Item":[{"Name":"Amount","Value":MUCH},{"Name":"MpesaReceiptNumber","Value":"PAID"}]}}}}"""
            .Replace("ws_CO", checkout, StringComparison.Ordinal).Replace("MUCH", amount, StringComparison.Ordinal).Replace("PAID", receipt, StringComparison.Ordinal);
}
