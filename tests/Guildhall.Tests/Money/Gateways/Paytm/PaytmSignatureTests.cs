using System.Text.Json;
using Guildhall.Money.Gateways.Paytm;

namespace Guildhall.Tests.Money.Gateways.Paytm;

public sealed class PaytmSignatureTests
{
    private const string Key = "vEcToRkEy#2026@k";
    private static readonly JsonElement[] All = [.. JsonDocument.Parse(Tree.Read("tests/Guildhall.Tests/Money/Gateways/Paytm/paytm-vectors.json")).RootElement.GetProperty("vectors").EnumerateArray()];

    public static TheoryData<int> Vectors => [.. Enumerable.Range(0, All.Length)];

    private static string TextOf(JsonElement input) => input.ValueKind == JsonValueKind.String ? input.GetString()!
        : PaytmSignature.Join(input.EnumerateObject().Select(f => new KeyValuePair<string, string?>(f.Name, f.Value.ValueKind == JsonValueKind.Null ? null : f.Value.ToString())));

    [Theory, MemberData(nameof(Vectors))]
    [Covers("M-21", "money-80")]
    public void Every_vector_is_judged_as_paytm_judges_it(int index)
    {
        var vector = All[index];
        var (text, key, checksum, valid) = (TextOf(vector.GetProperty("input")), vector.GetProperty("key").GetString()!, vector.GetProperty("checksum").GetString()!, vector.GetProperty("expected_valid").GetBoolean());
        PaytmSignature.Holds(text, key, checksum).ShouldBe(valid);
        if (vector.TryGetProperty("joined", out var joined) && vector.GetProperty("input").ValueKind == JsonValueKind.Object) text.ShouldBe(joined.GetString());
        if (valid && vector.TryGetProperty("salt", out var salt)) PaytmSignature.Make(text, key, salt.GetString()).ShouldBe(checksum);
    }

    [Theory, InlineData("0123456789abcdef"), InlineData("0123456789abcdef01234567"), InlineData("0123456789abcdef0123456789abcdef")]
    [Covers("money-80")]
    public void Whatever_is_not_exactly_what_was_signed_is_not_trusted(string key)
    {
        var checksum = PaytmSignature.Make("a|b", key);
        PaytmSignature.Holds("a|b", key, checksum).ShouldBeTrue();
        PaytmSignature.Make("a|b", key).ShouldNotBe(checksum); // another salt
        PaytmSignature.Holds("a|c", key, checksum).ShouldBeFalse();
        PaytmSignature.Holds("a|b|", key, checksum).ShouldBeFalse();
        PaytmSignature.Holds("a|b", "fedcba9876543210", checksum).ShouldBeFalse();
        PaytmSignature.Holds("a|b", "short", checksum).ShouldBeFalse();
        PaytmSignature.Holds("a|b", key, PaytmSignature.Make("a|b", key, "toolong5")).ShouldBeFalse();
        PaytmSignature.Holds("a|b", key, PaytmSignature.Make("a|b", key, "x")).ShouldBeFalse();
        foreach (var bad in new[] { null, "", "=", "not base 64!", checksum[..^4], checksum[4..], checksum + checksum, "AAAA" + checksum[4..],
            new string('A', 100_000), Convert.ToBase64String(new byte[16]), Convert.ToBase64String(new byte[80]) })
            PaytmSignature.Holds("a|b", key, bad).ShouldBeFalse(bad);
    }

    [Fact]
    public void Every_byte_of_a_checksum_counts()
    {
        var bytes = Convert.FromBase64String(PaytmSignature.Make("a|b", Key));
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            PaytmSignature.Holds("a|b", Key, Convert.ToBase64String(bytes)).ShouldBeFalse($"byte {i}");
            bytes[i] ^= 1;
        }
    }

    [Fact]
    public void Fields_are_joined_by_name_without_the_checksum() => PaytmSignature.Join(new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["b"] = "2", ["CHECKSUMHASH"] = "x", ["B"] = null, ["a"] = "null", ["_"] = "",
    }).ShouldBe("||null|2");

    [Theory, InlineData("""{"mid":"M","amount":"1.00"}"""), InlineData("परीक्षण ₹ |"), InlineData("")]
    [Covers("M-21", "money-80")]
    public async Task Paytms_own_package_takes_ours_and_we_take_its(string text)
    {
        var theirs = (await Peers.Ask("paytm", new { make = text, key = Key })).GetString();
        PaytmSignature.Holds(text, Key, theirs).ShouldBeTrue();
        (await Peers.Ask("paytm", new { text, key = Key, checksum = PaytmSignature.Make(text, Key) })).GetBoolean().ShouldBeTrue();
        (await Peers.Ask("paytm", new { text = text + "x", key = Key, checksum = PaytmSignature.Make(text, Key) })).GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_form_is_signed_as_paytms_own_package_signs_it()
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ORDERID"] = "pay_1", ["MID"] = "M", ["BANKNAME"] = "", ["TXNAMOUNT"] = "1.00", ["aLower"] = "z" };
        var theirs = (await Peers.Ask("paytm", new { make = fields, key = Key })).GetString();
        PaytmSignature.Holds(PaytmSignature.Join(fields), Key, theirs).ShouldBeTrue();
    }
}
