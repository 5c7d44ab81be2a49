using System.Text.Json;

namespace Guildhall.Messaging.Push.Firebase;

/// <summary>An error of theirs.</summary>
/// <param name="Code">The messaging error where there is one, such as <c>UNREGISTERED</c>, else the general status.</param>
/// <param name="BlamesToken">It names the registration token: an invalid argument may be anything else in the message, which is our mistake and no reason to lose a token.</param>
internal sealed record FirebaseError(string Code, string Says, bool BlamesToken)
{
    private const string FcmError = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
    private const string TokenField = "message.token";

    /// <summary>Null: not of their shape.</summary>
    public static FirebaseError? Read(JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.Object } body || !body.TryGetProperty("error", out var error) || error.ValueKind is not JsonValueKind.Object || Text(error, "status") is not { } status) return null;
        var (code, says) = (status, Text(error, "message") ?? "");
        var blames = says.Contains("registration token", StringComparison.OrdinalIgnoreCase);
        foreach (var detail in All(error, "details"))
        {
            if (Text(detail, "@type") is FcmError) code = Text(detail, "errorCode") ?? code;
            blames |= All(detail, "fieldViolations").Any(violation => Text(violation, "field") is TokenField);
        }
        return new FirebaseError(code, says, blames);
    }

    private static IEnumerable<JsonElement> All(JsonElement of, string name) =>
        of.TryGetProperty(name, out var all) && all.ValueKind is JsonValueKind.Array ? all.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.Object).Take(20) : [];

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
