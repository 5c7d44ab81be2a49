using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.MyFatoorah;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Money.Gateways.MyFatoorah;

/// <summary>A world whose dinars go to MyFatoorah, its API through the wire.</summary>
public class MyFatoorahWorld : MoneyWorld
{
    internal const string Secret = "guildhall_sandbox_myfatoorah_secret";

    internal override HostSettings Configure(HostSettings settings, int node)
    {
        var sandbox = settings.StripeApi;
        var wired = base.Configure(settings, node);
        return wired with { MyFatoorah = new MyFatoorahOptions(wired.StripeApi, sandbox, "guildhall_sandbox_myfatoorah_token", [Secret], Kwd, settings.Url) };
    }

    internal async ValueTask Begins()
    {
        await StartsAfresh();
        await Eventually.True(() => Task.FromResult(Everywhere<GatewayBook>().All(book => book.Of("myfatoorah").Status.Available)), "The circuit stays open.");
        await Database.Execute("""
            insert into foundation.settings (key, value, version, changed_at) values ('money.gateways', '"KWD=myfatoorah *=stripe"', 1, now()) on conflict do nothing
            """);
    }

    internal async Task<string> InvoiceOf(PaymentId payment) => (await Database.Value<string>("select gateway_ref from money.payments where id = $1", payment.Value)).Split('/')[0];

    internal async Task<JsonElement> PaysAtPage(PaymentId payment, string outcome = "pay") => await Sandbox.Post($"/sandbox/myfatoorah/invoices/{await InvoiceOf(payment)}/pay", new { outcome });

    internal async Task<JsonElement[]> Refunds(PaymentId payment)
    {
        var invoice = await InvoiceOf(payment);
        return [.. (await Sandbox.Get("/sandbox/myfatoorah/refunds")).EnumerateArray().Where(r => string.Equals(r.GetProperty("invoiceId").GetString(), invoice, StringComparison.Ordinal))];
    }

    internal async Task<JsonElement[]> Invoices(PaymentId payment) => [.. (await Sandbox.Get("/sandbox/myfatoorah/invoices")).EnumerateArray()
        .Where(i => string.Equals(i.GetProperty("externalIdentifier").GetString(), payment.ToString(), StringComparison.Ordinal))];

    /// <summary>Their finance decides: Refunded or Canceled.</summary>
    internal async Task Decides(PaymentId payment, string status, int which = 0) =>
        await Sandbox.Post($"/sandbox/myfatoorah/refunds/{(await Refunds(payment))[which].GetProperty("refundId").GetString()}/{status}");

    /// <summary>Their API answers this to every call whose method and path contain the text.</summary>
    internal void ApiSays(string what, int status, object body) => Wire.Before = async http =>
    {
        if (!$"{http.Request.Method} {http.Request.Path}".Contains(what, StringComparison.Ordinal)) return false;
        http.Response.StatusCode = status;
        await HttpResponseWritingExtensions.WriteAsync(http.Response, JsonSerializer.Serialize(body));
        return true;
    };

    internal static string Sign(string text, string secret = Secret) => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    internal Task<Answer> Tells(string body, string signature) => Visitor().Send(HttpMethod.Post, "webhooks/myfatoorah",
        new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } }, ("MyFatoorah-Signature", signature));
}
