using System.Text;
using System.Text.Json;
using Guildhall.Messaging.Sms.Twilio;
using Microsoft.Extensions.Primitives;

namespace Guildhall.Tests.Messaging.Sms;

[Covers("N-6")]
public sealed class TwilioSignatureTests
{
    private static readonly JsonElement[] Vectors = [.. JsonDocument.Parse(Tree.Read("tests/Guildhall.Tests/Messaging/Sms/twilio-signature.json")).RootElement.GetProperty("vectors").EnumerateArray()];

    public static TheoryData<string> Names => [.. Vectors.Select(v => v.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_providers_own_library_signs_the_same(string name)
    {
        var vector = Vectors.Single(v => v.GetProperty("name").GetString() == name);
        // A vector without a token of its own was made with the token of the others.
        var token = vector.TryGetProperty("auth_token", out var own) ? own.GetString()! : Vectors[0].GetProperty("auth_token").GetString()!;
        var (address, signature) = (vector.GetProperty("url").GetString()!, vector.GetProperty("signature").GetString()!);
        Convert.ToBase64String(TwilioSignature.Make(token, vector.GetProperty("string_to_sign").GetString()!)).ShouldBe(signature);

        var sent = vector.TryGetProperty("verify_with_params", out var changed) ? changed : vector.TryGetProperty("params", out var same) ? same : default;
        // The body that the address promises was another one.
        var body = Encoding.UTF8.GetBytes(vector.TryGetProperty("body", out var json) ? json.GetString()! : "");
        TwilioSignature.Fits(token, address, signature, Form(sent), body).ShouldBe(vector.GetProperty("expected_valid").GetBoolean());
        if (!vector.TryGetProperty("params", out var signed)) return;
        TwilioSignature.Fits(token, address, signature, Form(signed), []).ShouldBeTrue();
        TwilioSignature.Fits(token, address.Replace("m.example", "m.example:443", StringComparison.Ordinal), signature, Form(signed), []).ShouldBeTrue();
        TwilioSignature.Fits(token, address.Replace("m.example", "m.example:444", StringComparison.Ordinal), signature, Form(signed), []).ShouldBeFalse();
        TwilioSignature.Fits(token, address, signature[..^4] + "AAA=", Form(signed), []).ShouldBeFalse();
        TwilioSignature.Fits(token, address, null, Form(signed), []).ShouldBeFalse();
    }

    private static IEnumerable<KeyValuePair<string, StringValues>> Form(JsonElement parameters) => parameters.ValueKind is not JsonValueKind.Object ? [] :
        parameters.EnumerateObject().Select(p => new KeyValuePair<string, StringValues>(p.Name, p.Value.ValueKind is JsonValueKind.Array
            ? new StringValues([.. p.Value.EnumerateArray().Select(v => v.GetString())]) : new StringValues(p.Value.GetString())));
}
