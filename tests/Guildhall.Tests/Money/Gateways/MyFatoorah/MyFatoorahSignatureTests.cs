using System.Text.Json;
using Guildhall.Money.Gateways.MyFatoorah;

namespace Guildhall.Tests.Money.Gateways.MyFatoorah;

public sealed class MyFatoorahSignatureTests
{
    private const string Secret = "vectorMyFatoorahSecret==/+123";

    public static TheoryData<string> Vectors => [.. All.Select(v => v.GetProperty("name").GetString()!)];

    private static IReadOnlyList<JsonElement> All { get; } =
        [.. JsonDocument.Parse(Tree.Read("tests/Guildhall.Tests/Money/Gateways/MyFatoorah/webhook-vectors.json")).RootElement.GetProperty("vectors").EnumerateArray()];

    [Theory, MemberData(nameof(Vectors))]
    [Covers("M-5", "M-21", "money-80")]
    public void Every_vector_is_judged_as_documented(string name)
    {
        var vector = All.Single(v => string.Equals(v.GetProperty("name").GetString(), name, StringComparison.Ordinal));
        var (message, header, secret) = (vector.GetProperty("event"), vector.GetProperty("signature").GetString()!, vector.GetProperty("secret").GetString()!);
        MyFatoorahSignature.Holds(header, message, [secret]).ShouldBe(vector.GetProperty("expected_valid").GetBoolean());
        if (!vector.GetProperty("expected_valid").GetBoolean()) return;
        MyFatoorahSignature.StringToSign(message).ShouldBe(vector.GetProperty("string_to_sign").GetString());
        MyFatoorahSignature.Holds(header, message, ["other", secret]).ShouldBeTrue();
        var withComma = MyFatoorahWorld.Sign(vector.GetProperty("string_to_sign").GetString() + ",", secret); // what one public plugin does
        foreach (var bad in new[] { null, "", "=", header[..^1], header + "=", header.ToLowerInvariant(), withComma, new string('A', 300) })
            MyFatoorahSignature.Holds(bad, message, [secret]).ShouldBeFalse(bad);
        MyFatoorahSignature.Holds(header, message, [secret + "x"]).ShouldBeFalse();
        MyFatoorahSignature.Holds(header, message, []).ShouldBeFalse();
        // Whatever is signed cannot be changed.
        var raw = message.GetRawText();
        foreach (var part in vector.GetProperty("string_to_sign").GetString()!.Split(',').Select(p => p.Split('=')[1]).Where(value => value.Length > 1))
        {
            var changed = raw.Replace($"\"{part}\"", $"\"{part}x\"", StringComparison.Ordinal);
            if (string.Equals(changed, raw, StringComparison.Ordinal)) changed = raw.Replace(part, part + "0", StringComparison.Ordinal);
            changed.ShouldNotBe(raw);
            MyFatoorahSignature.Holds(header, Json(changed), [secret]).ShouldBeFalse(part);
        }
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    [Theory]
    [InlineData("""{"Event":{"Code":2},"Data":{"Refund":{"Id":7,"Status":"REFUNDED"},"Amount":{"ValueInBaseCurrency":5.500},"ReferencedInvoice":{"Id":"640"}}}""",
        "Refund.Id=7,Refund.Status=REFUNDED,Amount.ValueInBaseCurrency=5.500,ReferencedInvoice.Id=640")]
    [InlineData("""{"Event":{"Code":"4"},"Data":{"Supplier":{"Code":1e2},"KycDecision":null}}""", "Supplier.Code=1e2,KycDecision.Status=")]
    [InlineData("""{"Event":{"Code":1},"Data":{"Invoice":[],"Transaction":"x"}}""", "Invoice.Id=,Invoice.Status=,Transaction.Status=,Transaction.PaymentId=,Invoice.ExternalIdentifier=")]
    [InlineData("""{"EventType":2,"Data":{"b":null,"A":1,"GatewayReference":{"x":1},"c":"ö"}}""", "A=1,b=,c=ö")]
    public void Numbers_stand_as_they_were_written_and_null_is_nothing(string message, string text) => MyFatoorahSignature.StringToSign(Json(message)).ShouldBe(text);

    [Theory]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"Data":{}}""")]
    [InlineData("""{"Event":{"Code":5},"Data":{"a":1}}""")]
    [InlineData("""{"Event":{"Code":1.5},"Data":{}}""")]
    [InlineData("""{"Event":{"Code":99999999999},"Data":{}}""")]
    [InlineData("""{"Event":{"Code":1},"Data":[]}""")]
    [InlineData("""{"Event":{},"EventType":1,"Data":{"a":1}}""")]
    [InlineData("""{"EventType":1,"Data":{}}""")]
    [Covers("money-89")]
    public void What_has_no_known_string_proves_nothing(string message)
    {
        MyFatoorahSignature.StringToSign(Json(message)).ShouldBeNull();
        MyFatoorahSignature.Holds(MyFatoorahWorld.Sign("", Secret), Json(message), [Secret]).ShouldBeFalse();
    }
}
