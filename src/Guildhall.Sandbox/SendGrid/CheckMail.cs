using System.Text.Json;
using System.Text.RegularExpressions;

namespace Guildhall.Sandbox.SendGrid;

/// <summary>A mail as it was asked for, or what they refuse of it.</summary>
internal sealed record AskedMail(string From, string[] To, string Subject, string Text, string? Html, Dictionary<string, string> Arguments, bool OnlyChecked, Dictionary<string, string> Headers)
{
    /// <summary>Nothing at an address of this domain is delivered: the list of those who bounced before.</summary>
    public const string DroppedDomain = "@dropped.test";
}

/// <summary>What SendGrid's published description of the call wants: fields it does not have, wrong kinds and missing parts are refused, in its words.</summary>
internal static partial class CheckMail
{
    private const int MostPersonalizations = 1000;

    private static readonly string[] Fields =
    [
        "personalizations", "from", "reply_to", "reply_to_list", "subject", "content", "attachments", "template_id", "headers", "categories", "custom_args", "send_at", "batch_id", "asm", "ip_pool_name",
        "mail_settings", "tracking_settings",
    ];

    private static readonly string[] PersonFields = ["from", "to", "cc", "bcc", "subject", "headers", "substitutions", "dynamic_template_data", "custom_args", "send_at"];

    // Headers of a mail that are theirs to write.
    private static readonly string[] Reserved = ["x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc"];

    public static (AskedMail? Mail, SendGridRefusal? Wrong) Run(JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Object) return No("Bad Request");
        if (Odd(body, Fields) is { } odd) return No($"Additional property {odd} is not allowed", odd);
        if (!body.TryGetProperty("personalizations", out var persons) || persons.ValueKind is not JsonValueKind.Array || persons.GetArrayLength() is 0 or > MostPersonalizations)
            return No("The personalizations field is required and must have at least one personalization.", "personalizations");
        var to = new List<string>();
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < persons.GetArrayLength(); i++)
        {
            if (Person(persons[i], $"personalizations.{i}", to, arguments) is { } wrong) return (null, wrong);
        }
        if (!body.TryGetProperty("from", out var from) || Address(from) is not { } sender) return No("The from object must be provided for every email send.", "from");
        if (Text(body, "subject") is not { Length: > 0 } subject) return No("The subject is required.", "subject");
        if (Headers(body) is { } header) return No($"The header {header} is reserved.", "headers");
        if (Content(body) is not { } content) return No("The content value must be a string at least one character in length, text/plain before text/html.", "content");
        var onlyChecked = body.TryGetProperty("mail_settings", out var settings) && settings.TryGetProperty("sandbox_mode", out var mode) && mode.TryGetProperty("enable", out var on) && on.ValueKind is JsonValueKind.True;
        return (new AskedMail(sender, [.. to], subject, content.Text, content.Html, arguments, onlyChecked, OwnHeaders(body)), null);
    }

    private static Dictionary<string, string> OwnHeaders(JsonElement body) => body.TryGetProperty("headers", out var headers)
        ? headers.EnumerateObject().ToDictionary(h => h.Name.ToLowerInvariant(), h => h.Value.GetString() ?? "", StringComparer.Ordinal) : [];

    private static SendGridRefusal? Person(JsonElement person, string place, List<string> to, Dictionary<string, string> arguments)
    {
        if (person.ValueKind is not JsonValueKind.Object) return new(400, "Bad Request", place);
        if (Odd(person, PersonFields) is { } odd) return new(400, $"Additional property {odd} is not allowed", $"{place}.{odd}");
        if (!person.TryGetProperty("to", out var all) || all.ValueKind is not JsonValueKind.Array || all.GetArrayLength() == 0)
            return new(400, "The to array is required for all personalization objects, and must have at least one email object with a valid email address.", place + ".to");
        for (var i = 0; i < all.GetArrayLength(); i++)
        {
            if (Address(all[i]) is not { } address) return new(400, "Does not contain a valid address.", $"{place}.to.{i}.email");
            to.Add(address);
        }
        if (!person.TryGetProperty("custom_args", out var own)) return null;
        if (own.ValueKind is not JsonValueKind.Object || own.EnumerateObject().Any(a => a.Value.ValueKind is not JsonValueKind.String)) return new(400, "The custom_args object must have strings only.", place + ".custom_args");
        foreach (var argument in own.EnumerateObject()) arguments[argument.Name] = argument.Value.GetString()!;
        return null;
    }

    private static (string Text, string? Html)? Content(JsonElement body)
    {
        if (!body.TryGetProperty("content", out var content) || content.ValueKind is not JsonValueKind.Array || content.GetArrayLength() == 0) return null;
        string? text = null, html = null;
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind is not JsonValueKind.Object || Text(part, "value") is not { Length: > 0 } value) return null;
            switch (Text(part, "type"))
            {
                case "text/plain" when html is null: text = value; break;
                case "text/html": html = value; break;
                default: return null;
            }
        }
        return (text ?? "", html);
    }

    private static string? Headers(JsonElement body) => body.TryGetProperty("headers", out var headers) && headers.ValueKind is JsonValueKind.Object
        ? headers.EnumerateObject().Select(h => h.Name).FirstOrDefault(name => Reserved.Contains(name.ToLowerInvariant(), StringComparer.Ordinal)) : null;

    private static string? Odd(JsonElement body, string[] known) => body.EnumerateObject().Select(p => p.Name).FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal));

    private static string? Address(JsonElement who) => who.ValueKind is JsonValueKind.Object && Text(who, "email") is { } email && Email().IsMatch(email) ? email : null;

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static (AskedMail?, SendGridRefusal?) No(string message, string? field = null) => (null, new SendGridRefusal(400, message, field));

    [GeneratedRegex(@"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$", RegexOptions.None, 200)]
    private static partial Regex Email();
}
