using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Guildhall.Money.Gateways.Mpesa;

namespace Guildhall.Tests.Money.Gateways.Mpesa;

public sealed class MpesaSignatureTests
{
    private static readonly JsonElement[] All = [.. JsonDocument.Parse(Tree.Read("tests/Guildhall.Tests/Money/Gateways/Mpesa/mpesa-vectors.json")).RootElement.GetProperty("vectors").EnumerateArray()];

    public static TheoryData<int> Vectors => [.. Enumerable.Range(0, All.Length)];

    [Theory, MemberData(nameof(Vectors))]
    [Covers("M-21")]
    public void Every_vector_comes_out_as_it_should(int index)
    {
        var vector = All[index];
        string Text(string name) => vector.GetProperty(name).GetString()!;
        if (vector.TryGetProperty("password", out var password)) MpesaSignature.Password(Text("short_code"), Text("passkey"), Text("timestamp")).ShouldBe(password.GetString());
        else if (vector.TryGetProperty("certificate_pem", out var certificate)) IsEncryptedFor(certificate.GetString()!, Text("initiator_password"), vector.GetProperty("ciphertext_bytes").GetInt32());
        else
        {
            foreach (var amounts in vector.GetProperty("cases").EnumerateArray())
            {
                Amount.TryParse(amounts[0].GetString(), MpesaAmounts.Kes, CultureInfo.InvariantCulture, out var amount).ShouldBeTrue();
                MpesaAmounts.Write(amount).ShouldBe(amounts[1].GetString(), amounts.GetRawText());
            }
        }
    }

    // The vectors keep the private key to themselves: what can be told from outside is the length, and that each is another.
    private static void IsEncryptedFor(string certificate, string password, int bytes)
    {
        var (one, two) = (MpesaSignature.SecurityCredential(password, certificate), MpesaSignature.SecurityCredential(password, certificate));
        Convert.FromBase64String(one).Length.ShouldBe(bytes);
        one.ShouldNotBe(two);
    }

    [Theory, InlineData("Safaricom999!*!"), InlineData("P#ss&w%rd$1"), InlineData("ñandú-٣-密")]
    public void The_password_of_the_initiator_is_what_the_holder_of_the_key_reads(string password)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue.AddDays(-2));
        var sealedText = MpesaSignature.SecurityCredential(password, certificate.ExportCertificatePem());
        sealedText.Length.ShouldBe(344);
        Encoding.UTF8.GetString(key.Decrypt(Convert.FromBase64String(sealedText), RSAEncryptionPadding.Pkcs1)).ShouldBe(password);
    }

    [Theory, InlineData(""), InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"), InlineData("not a certificate")]
    public void What_is_no_certificate_is_found_out(string pem) => MpesaCertificate.CanEncrypt(pem).ShouldBeFalse();

    [Fact]
    public void Times_are_those_of_Nairobi() => MpesaSignature.Timestamp(new DateTimeOffset(2026, 12, 31, 21, 0, 1, TimeSpan.Zero)).ShouldBe("20270101000001");

    [Fact]
    [Covers("money-80")]
    public void The_secret_of_an_address_holds_for_exactly_what_it_says()
    {
        var (key, other) = ("one"u8.ToArray(), "two"u8.ToArray());
        var seal = MpesaSignature.Seal(key, "payment", "pay_1", "15000", "1760000000");
        MpesaSignature.Holds(seal, key, "payment", "pay_1", "15000", "1760000000").ShouldBeTrue();
        MpesaSignature.Holds(seal, other, "payment", "pay_1", "15000", "1760000000").ShouldBeFalse();
        MpesaSignature.Holds(seal, key, "payment", "pay_2", "15000", "1760000000").ShouldBeFalse();
        MpesaSignature.Holds(seal, key, "payment", "pay_1", "15001", "1760000000").ShouldBeFalse();
        MpesaSignature.Holds(seal, key, "refund", "pay_1", "15000", "1760000000").ShouldBeFalse();
        MpesaSignature.Holds(seal, key, "payment", "pay_1", "15000").ShouldBeFalse();
        foreach (var bad in new[] { null, "", seal[..^1], seal + "0", seal.ToUpperInvariant(), new string('é', 64) }) MpesaSignature.Holds(bad, key, "payment", "pay_1", "15000", "1760000000").ShouldBeFalse(bad);
    }

    [Theory]
    [InlineData("254712345678", "254712345678"), InlineData("254112345678", "254112345678"), InlineData("0712345678", "254712345678")]
    [InlineData("254212345678", null), InlineData("25471234567", null), InlineData("2547123456789", null), InlineData("96512345678", null), InlineData("", null), InlineData(null, null), InlineData("٢٥٤٧١٢٣٤٥٦٧٨", null)]
    public void Only_kenyan_mobile_numbers_are_asked(string? digits, string? number) => MpesaPhone.Of(digits).ShouldBe(number);

    [Theory, InlineData("KWD", 15_000), InlineData("JPY", 100), InlineData("USD", 10_000), InlineData("KES", 10_001), InlineData("KES", 0), InlineData("KES", -100)]
    public void What_is_not_whole_shillings_is_not_written(string currency, long minor) => MpesaAmounts.Write(new Amount(minor, Currency.Of(currency))).ShouldBeNull();

    [Theory]
    [InlineData("150", 15_000L), InlineData("150.00", 15_000L), InlineData("150.5", 15_050L), InlineData("1e3", null), InlineData("150.005", null), InlineData("1,5", null), InlineData("", null), InlineData(null, null)]
    [InlineData("92233720368547758.07", long.MaxValue), InlineData("92233720368547758.08", null)]
    public void Their_amounts_are_read_exactly_or_not(string? text, long? minor) => (MpesaAmounts.TryRead(text, out var amount) ? amount.Minor : (long?)null).ShouldBe(minor);
}
