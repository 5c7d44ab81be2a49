using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.Knet;
using Guildhall.Money.Payments;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Money.Gateways.Knet;

/// <summary>A world whose dinars go to KNET: its pipe through the wire, its page at the sandbox.</summary>
public class KnetWorld : MoneyWorld
{
    internal const string Key = "KnetSandboxKey16";

    internal static KnetOptions Options(Uri page, Uri api, Uri returnTo) => new(page, api, "901001", "knetsandbox", Key, returnTo) { Refunds = true };

    internal override HostSettings Configure(HostSettings settings, int node)
    {
        var sandbox = settings.StripeApi;
        var wired = base.Configure(settings, node);
        return wired with { Knet = Options(sandbox, wired.StripeApi, settings.Url) };
    }

    internal async ValueTask Begins()
    {
        await StartsAfresh();
        await Eventually.True(() => Task.FromResult(Everywhere<GatewayBook>().All(book => book.Of("knet").Status.Available)), "The circuit stays open.");
        await Database.Execute("""
            insert into foundation.settings (key, value, version, changed_at) values ('money.gateways', '"KWD=knet *=stripe"', 1, now()) on conflict do nothing
            """);
    }

    internal static string Track(PaymentId payment) => KnetReference.TrackOf(payment);

    /// <summary>The customer's browser opens the page.</summary>
    internal async Task<string> Opens(PaymentView payment)
    {
        using var page = await Sandbox.Http.GetAsync(new Uri(payment.RedirectUrl!));
        return await page.Content.ReadAsStringAsync();
    }

    internal Task<JsonElement> PaysAtPage(PaymentId payment, string outcome = "capture") => Sandbox.Post($"/sandbox/knet/payments/{Track(payment)}/pay", new { outcome });

    internal async Task<JsonElement> OpensAndPays(PaymentView payment, string outcome = "capture")
    {
        (await Opens(payment)).ShouldContain("What should the bank say?");
        return await PaysAtPage(payment.Id, outcome);
    }

    internal async Task<JsonElement[]> Did(string kind, PaymentId payment) =>
        [.. (await Sandbox.Get($"/sandbox/knet/{kind}")).EnumerateArray().Where(item => string.Equals(item.GetProperty("trackId").GetString(), Track(payment), StringComparison.Ordinal))];

    internal static string Seal(string text)
    {
        using var aes = Aes.Create();
        aes.Key = Encoding.ASCII.GetBytes(Key);
        return Convert.ToHexStringLower(aes.EncryptCbc(Encoding.UTF8.GetBytes(text), aes.Key));
    }

    internal Task<Answer> Tells(string form) => Visitor().Send(HttpMethod.Post, "webhooks/knet",
        new ByteArrayContent(Encoding.ASCII.GetBytes(form)) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } });

    /// <summary>The pipe answers this text to the action in KNET's place, any number of times.</summary>
    internal void PipeSays(int action, Func<string, string> text) => Wire.Before = async http =>
    {
        if (!string.Equals(http.Request.Path, "/kpg/tranPipe.htm", StringComparison.Ordinal)) return false;
        Microsoft.AspNetCore.Http.HttpRequestRewindExtensions.EnableBuffering(http.Request);
        using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        http.Request.Body.Position = 0;
        if (!body.Contains($"<action>{action}</action>", StringComparison.Ordinal)) return false;
        await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, text(body));
        return true;
    };
}
