using Guildhall.Messaging;
using Guildhall.Messaging.Sms.WhatsApp;

namespace Guildhall.Web.Host.Gateways;

/// <summary>What the operator says in <c>GUILDHALL_WHATSAPP_…</c>; without any of it texts go as text messages only.</summary>
internal static class WhatsAppSettings
{
    public static WhatsAppOptions? Read(IConfiguration config, TwilioOptions twilio, List<string> wrong)
    {
        var set = new GatewayVariables(config, "WHATSAPP", wrong);
        var (from, contents) = (set.Text("FROM"), set.Text("CONTENTS"));
        if (from is null && contents is null) return null;
        if (from is null || contents is null) set.Wrong("GUILDHALL_WHATSAPP_FROM and GUILDHALL_WHATSAPP_CONTENTS belong together: set both or none.");
        else if (!twilio.CanText) set.Wrong("GUILDHALL_WHATSAPP_FROM is set without Twilio: set GUILDHALL_TWILIO_SID, GUILDHALL_TWILIO_TOKEN and GUILDHALL_SMS_FROM too.");
        else if (from.Length is < 8 or > 16 || from[0] is not '+' || !from.AsSpan(1).ContainsOnlyDigits()) set.Wrong("GUILDHALL_WHATSAPP_FROM is the sender's number in international form: +14155238886.");
        else if (Contents(contents, set) is { } known) return new WhatsAppOptions(from, known);
        return null;
    }

    private static Dictionary<string, string>? Contents(string text, GatewayVariables set)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=', StringSplitOptions.TrimEntries) is [var name, var sid] && IsText(name) && IsContent(sid) && known.TryAdd(name, sid)) continue;
            set.Wrong($"GUILDHALL_WHATSAPP_CONTENTS has {part}; an entry is like phone_code.en=HX0123456789abcdef0123456789abcdef, each text and language (en, ar) once. The texts: {string.Join(", ", WhatsAppOptions.Texts)}.");
            return null;
        }
        return known;
    }

    private static bool IsText(string name) => name.Split('.') is [var text, "en" or "ar"] && WhatsAppOptions.Texts.Contains(text, StringComparer.Ordinal);

    private static bool IsContent(string sid) => sid.Length == 34 && sid.StartsWith("HX", StringComparison.Ordinal) && sid.AsSpan(2).ContainsOnlyHex();

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static bool ContainsOnlyHex(this ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
            if (!char.IsAsciiHexDigit(letter)) return false;
        return true;
    }
}
