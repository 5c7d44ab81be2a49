using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Money.Gateways.Knet;

namespace Guildhall.Tests.Money.Gateways.Knet;

public sealed class KnetTrandataTests
{
    private const string Key = "A1B2C3D4E5F6G7H8";

    public static TheoryData<string> Vectors => [.. All.Select(v => v.GetProperty("name").GetString()!)];

    private static IReadOnlyList<JsonElement> All { get; } =
        [.. JsonDocument.Parse(Tree.Read("tests/Guildhall.Tests/Money/Gateways/Knet/trandata-vectors.json")).RootElement.GetProperty("vectors").EnumerateArray()];

    [Theory, MemberData(nameof(Vectors))]
    [Covers("M-21", "money-80")]
    public void Every_vector_is_sealed_and_opened_as_the_kit_does(string name)
    {
        var vector = All.Single(v => string.Equals(v.GetProperty("name").GetString(), name, StringComparison.Ordinal));
        var (key, hex) = (vector.GetProperty("resource_key").GetString()!, vector.GetProperty("trandata_hex_lower").GetString()!);
        if (!vector.TryGetProperty("plaintext", out var plain))
        {
            KnetTrandata.Decrypt(hex, key).ShouldBeNull();
            KnetTrandata.Decrypt(hex.ToUpperInvariant(), key).ShouldBeNull();
            return;
        }
        KnetTrandata.Encrypt(plain.GetString()!, key).ShouldBe(hex);
        KnetTrandata.Decrypt(hex, key).ShouldBe(plain.GetString());
        KnetTrandata.Decrypt(vector.GetProperty("trandata_hex_upper").GetString(), key).ShouldBe(plain.GetString());
    }

    [Fact]
    [Covers("M-21")]
    public void The_address_of_the_page_is_the_kit_s_to_the_letter()
    {
        var vector = All.Single(v => v.TryGetProperty("redirect_url_test", out _));
        var options = new KnetOptions(new Uri("https://kpaytest.com.kw"), new Uri("https://www.kpaytest.com.kw"), "123456", "pw123456", Key, new Uri("https://m.example"));
        const string response = "https://m.example/knet/response", error = "https://m.example/knet/error";
        var text = KnetPage.Request(options, new KnetReference("ORD1001A1", "12.345", 0), response, error, ["", "", "12345678", "", ""]);
        text.ShouldBe(vector.GetProperty("plaintext").GetString());
        KnetPage.Address(options, KnetTrandata.Encrypt(text, Key), response, error).ShouldBe(vector.GetProperty("redirect_url_test").GetString());
    }

    [Fact]
    [Covers("money-80")]
    public void Whatever_is_not_whole_text_of_this_key_is_no_answer()
    {
        var hex = KnetTrandata.Encrypt("result=CAPTURED&trackid=01k9", Key);
        KnetTrandata.Decrypt(hex, Key).ShouldNotBeNull();
        KnetTrandata.Decrypt(hex, "A1B2C3D4E5F6G7H9").ShouldBeNull();
        foreach (var bad in new[] { null, "", "0", "00", "zz", hex[..^2], hex[..^1], hex + "00", hex + "zz" + new string('0', 30), "0x" + hex[2..], " " + hex[1..], new string('a', 2_000_000), "٠" + hex[1..] })
            KnetTrandata.Decrypt(bad, Key).ShouldBeNull();
        // Sealed with the right key, but no text: the same answer as everything else.
        using var aes = Aes.Create();
        aes.Key = Encoding.ASCII.GetBytes(Key);
        foreach (var bytes in new byte[][] { [0, 1, 2], [0xff, 0xfe], "a\nb"u8.ToArray(), [0xc3] }) KnetTrandata.Decrypt(Convert.ToHexString(aes.EncryptCbc(bytes, aes.Key)), Key).ShouldBeNull();
        foreach (var padding in new byte[] { 0, 17, 255 })
            KnetTrandata.Decrypt(Convert.ToHexString(aes.EncryptCbc((byte[])[.. Enumerable.Repeat((byte)'a', 15), padding], aes.Key, PaddingMode.None)), Key).ShouldBeNull();
    }

    // Whoever can tell a wrong padding from a wrong text can read what was sealed, the password of the shop in every customer's address too.
    [Fact]
    [Covers("money-80")]
    public void A_block_of_somebody_s_choice_before_a_sealed_one_reads_as_nothing_whatever_its_padding()
    {
        var request = Convert.FromHexString(KnetTrandata.Encrypt("id=123456&password=pw123456&action=1&trackid=01k9&result=x", Key));
        var last = request[^16..];
        for (var guess = 0; guess < 256; guess++)
        {
            var chosen = RandomNumberGenerator.GetBytes(16);
            chosen[15] = (byte)guess;
            KnetTrandata.Decrypt(Convert.ToHexString([.. request[..32], .. chosen, .. last]), Key).ShouldBeNull();
        }
    }

    [Theory, InlineData("A1B2C3D4E5F6G7H8", true), InlineData("A1B2C3D4E5F6G7H", false), InlineData("A1B2C3D4E5F6G7H89", false), InlineData("A1B2C3D4E5F6G7Hé", false), InlineData("", false)]
    public void A_key_has_sixteen_characters(string key, bool good) => KnetOptions.IsKey(key).ShouldBe(good);
}
