using System.Text.Json;
using System.Text.RegularExpressions;
using Guildhall.Sandbox.Mail;

namespace Guildhall.Sandbox.Ses;

/// <summary>A mail as it was asked for.</summary>
internal sealed record AskedRawMail(string From, string[] To, ParsedMail Content, Dictionary<string, string> Tags, bool HasEvents);

/// <summary>What SES refuses of the call. Mails are taken raw only.</summary>
internal static partial class CheckRawMail
{
    private static readonly string[] Fields =
        ["FromEmailAddress", "FromEmailAddressIdentityArn", "Destination", "ReplyToAddresses", "FeedbackForwardingEmailAddress", "Content", "EmailTags", "ConfigurationSetName", "ListManagementOptions"];

    public static (AskedRawMail? Mail, SesRefusal? Wrong) Run(byte[] body)
    {
        JsonElement json;
        try { json = JsonSerializer.Deserialize<JsonElement>(body); }
        catch (JsonException) { return (null, SesRefusal.Malformed); }
        if (json.ValueKind is not JsonValueKind.Object || json.EnumerateObject().Any(p => !Fields.Contains(p.Name, StringComparer.Ordinal))) return (null, SesRefusal.Malformed);
        if (Text(json, "FromEmailAddress") is not { } from || !Email().IsMatch(from)) return (null, SesRefusal.Bad("Missing required header 'From'."));
        if (!json.TryGetProperty("Destination", out var destination) || !destination.TryGetProperty("ToAddresses", out var all) || all.ValueKind is not JsonValueKind.Array || all.GetArrayLength() is 0 or > 50)
            return (null, SesRefusal.Bad("Destination must have 1 to 50 recipients."));
        string[] to = [.. all.EnumerateArray().Select(a => a.GetString() ?? "")];
        if (to.Any(address => !Email().IsMatch(address))) return (null, SesRefusal.Bad("Domain contains illegal character or is missing."));
        if (!json.TryGetProperty("Content", out var content) || !content.TryGetProperty("Raw", out var raw) || Text(raw, "Data") is not { } data) return (null, SesRefusal.Bad("Content must have Raw here."));
        var bytes = new byte[data.Length];
        if (!Convert.TryFromBase64String(data, bytes, out var length)) return (null, SesRefusal.Malformed);
        if (Tags(json) is not { } tags) return (null, SesRefusal.Bad("A tag is of letters, digits, underscores and dashes."));
        var set = Text(json, "ConfigurationSetName");
        if (set is not (null or SesAccount.ConfigurationSet)) return (null, new SesRefusal(404, "NotFoundException", $"Configuration set <{set}> does not exist."));
        return (new AskedRawMail(from, to, ParseMail.From(bytes[..length]), tags, set is not null), null);
    }

    private static Dictionary<string, string>? Tags(JsonElement json)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!json.TryGetProperty("EmailTags", out var all)) return tags;
        foreach (var tag in all.EnumerateArray())
        {
            if (Text(tag, "Name") is not { } name || Text(tag, "Value") is not { } value || !Tag().IsMatch(name) || !Tag().IsMatch(value)) return null;
            tags[name] = value;
        }
        return tags;
    }

    private static string? Text(JsonElement of, string name) => of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex(@"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$", RegexOptions.None, 200)]
    private static partial Regex Email();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,256}$", RegexOptions.None, 200)]
    private static partial Regex Tag();
}
