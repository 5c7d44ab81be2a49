using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Guildhall.Money.Gateways.PayPal;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Money.Gateways.PayPal;

public sealed class PayPalSignatureTests
{
    private static readonly JsonElement File = JsonDocument.Parse(Tree.Read("tests/Guildhall.Tests/Money/Gateways/PayPal/webhook-vectors.json")).RootElement;
    private static readonly X509Certificate2 Certificate = X509Certificate2.CreateFromPem(File.GetProperty("certificate_pem").GetString());
    private static readonly JsonElement[] All = [.. File.GetProperty("vectors").EnumerateArray()];

    public static TheoryData<string> Vectors => [.. All.Select(v => v.GetProperty("name").GetString()!)];

    private static HeaderDictionary HeadersOf(JsonElement vector)
    {
        var headers = new HeaderDictionary();
        foreach (var header in vector.GetProperty("headers").EnumerateObject()) headers[header.Name] = header.Value.GetString();
        return headers;
    }

    private static bool Holds(IHeaderDictionary headers, string body, string webhook) => PayPalSignature.Of(headers)?.Holds(Encoding.UTF8.GetBytes(body), webhook, Certificate) ?? false;

    [Theory, MemberData(nameof(Vectors))]
    [Covers("M-5", "money-80")]
    public void Every_vector_is_judged_as_it_says(string name)
    {
        var vector = All.Single(v => string.Equals(v.GetProperty("name").GetString(), name, StringComparison.Ordinal));
        Holds(HeadersOf(vector), vector.GetProperty("body").GetString()!, vector.GetProperty("webhook_id").GetString()!).ShouldBe(vector.GetProperty("expected_valid").GetBoolean());
        if (vector.TryGetProperty("crc32_decimal", out var crc)) PayPalSignature.Crc32(Encoding.UTF8.GetBytes(vector.GetProperty("body").GetString()!)).ToString(CultureInfo.InvariantCulture).ShouldBe(crc.GetString());
    }

    [Theory]
    [Covers("M-5", "money-80")]
    [InlineData("PAYPAL-TRANSMISSION-ID", "69cd13f0-d67a-11e5-baa3-778b53f4ae56")]
    [InlineData("PAYPAL-TRANSMISSION-ID", "")]
    [InlineData("PAYPAL-TRANSMISSION-TIME", "2026-10-09T11:12:14Z")]
    [InlineData("PAYPAL-TRANSMISSION-TIME", null)]
    [InlineData("PAYPAL-AUTH-ALGO", "SHA1withRSA")]
    [InlineData("PAYPAL-AUTH-ALGO", "none")]
    [InlineData("PAYPAL-AUTH-ALGO", null)]
    [InlineData("PAYPAL-CERT-URL", null)]
    [InlineData("PAYPAL-TRANSMISSION-SIG", null)]
    [InlineData("PAYPAL-TRANSMISSION-SIG", "AAAA")]
    [InlineData("PAYPAL-TRANSMISSION-SIG", "not base 64 at all")]
    [InlineData("PAYPAL-TRANSMISSION-SIG", "====")]
    public void A_header_that_is_missing_or_other_than_signed_proves_nothing(string name, string? value)
    {
        var (headers, body, webhook) = (HeadersOf(All[0]), All[0].GetProperty("body").GetString()!, All[0].GetProperty("webhook_id").GetString()!);
        Holds(headers, body, webhook).ShouldBeTrue();
        headers[name] = value;
        Holds(headers, body, webhook).ShouldBeFalse();
    }

    [Fact]
    [Covers("money-80")]
    public void A_header_that_comes_twice_or_is_huge_proves_nothing()
    {
        foreach (var name in (string[])["PAYPAL-TRANSMISSION-ID", "PAYPAL-TRANSMISSION-TIME", "PAYPAL-TRANSMISSION-SIG", "PAYPAL-CERT-URL", "PAYPAL-AUTH-ALGO"])
        {
            var headers = HeadersOf(All[0]);
            headers[name] = new[] { headers[name].ToString(), headers[name].ToString() };
            PayPalSignature.Of(headers).ShouldBeNull(name);
            headers[name] = new string('A', 100_000);
            PayPalSignature.Of(headers).ShouldBeNull(name);
        }
    }

    [Fact]
    [Covers("money-80")]
    public void A_certificate_with_another_key_proves_nothing()
    {
        using var other = new PayPalEvent();
        using var certificate = X509Certificate2.CreateFromPem(other.Pem);
        PayPalSignature.Of(HeadersOf(All[0]))!.Holds(Encoding.UTF8.GetBytes(All[0].GetProperty("body").GetString()!), All[0].GetProperty("webhook_id").GetString()!, certificate).ShouldBeFalse();
    }

    [Fact]
    public void The_checksum_is_that_of_zip() => PayPalSignature.Crc32("123456789"u8).ShouldBe(0xCBF43926u);

    private const string Name = "/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270";

    [Theory]
    [Covers("M-5", "money-80")]
    [InlineData("https://api.paypal.com" + Name, true, false)]
    [InlineData("https://api-m.paypal.com" + Name, true, false)]
    [InlineData("https://api.paypal.com:443" + Name, true, false)]
    [InlineData("https://api.sandbox.paypal.com" + Name, false, true)]
    [InlineData("https://api-m.sandbox.paypal.com" + Name, false, true)]
    [InlineData("http://api.paypal.com" + Name, false, false)]
    [InlineData("https://api.paypal.com:8443" + Name, false, false)]
    [InlineData("https://somebody@api.paypal.com" + Name, false, false)]
    [InlineData("https://api.paypal.com@evil.test" + Name, false, false)]
    [InlineData("https://api.paypal.com.evil.test" + Name, false, false)]
    [InlineData("https://evil-api.paypal.com" + Name, false, false)]
    [InlineData("https://api.paypal.com./v1/notifications/certs/x", false, false)]
    [InlineData("https://api.paypal.com/elsewhere/cert.pem", false, false)]
    [InlineData("https://api.paypal.com/v1/notifications/certs/../../oauth2/token", false, false)]
    [InlineData("https://api.paypal.com" + Name + "?next=https://evil.test", false, false)]
    [InlineData("http://127.0.0.1:5090" + Name, false, false)]
    [InlineData("file:///v1/notifications/certs/x", false, false)]
    [InlineData("CERT-360caa42", false, false)]
    [InlineData("", false, false)]
    public void A_certificate_is_fetched_from_paypal_only_and_from_the_world_it_belongs_to(string address, bool live, bool sandbox)
    {
        PayPalCertificates.IsTheirs(address, Options("https://api-m.paypal.com")).ShouldBe(live);
        PayPalCertificates.IsTheirs(address, Options("https://api-m.sandbox.paypal.com")).ShouldBe(sandbox);
    }

    private static PayPalOptions Options(string api) => new(new Uri(api), "", "", [], new Uri("http://x"));
}
