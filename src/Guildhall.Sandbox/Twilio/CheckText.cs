using System.Text.RegularExpressions;

namespace Guildhall.Sandbox.Twilio;

/// <summary>What they refuse of a message, by their numbers; and the numbers they keep for trying that out.</summary>
internal static partial class CheckText
{
    private static readonly string[] Known = ["To", "From", "Body", "StatusCallback", "MessagingServiceSid", "ValidityPeriod", "MediaUrl", "SmartEncoded", "MaxPrice", "RiskCheck", "ContentSid", "ContentVariables"];

    public static TwilioRefusal? Run(IFormCollection form, string sender)
    {
        if (form.Keys.FirstOrDefault(key => !Known.Contains(key, StringComparer.Ordinal)) is { } odd) return Wrong(20001, $"Unknown parameters: {odd}");
        var (to, from, body) = (form["To"].ToString(), form["From"].ToString(), form["Body"].ToString());
        if (to.Length == 0) return Wrong(21604, "A 'To' phone number is required.");
        if (from.Length == 0) return Wrong(21603, "A 'From' phone number is required.");
        if (to.StartsWith(WhatsAppContents.Prefix, StringComparison.Ordinal))
            return CheckWhatsApp.Run(form) ?? (Number().IsMatch(to[WhatsAppContents.Prefix.Length..]) ? null : Wrong(21211, $"Invalid 'To' Phone Number: {to}"));
        if (body.Length == 0) return Wrong(21602, "Message body is required.");
        if (body.Length > 1600) return Wrong(21617, "The concatenated message body exceeds the 1600 character limit.");
        if (from != sender) return Wrong(21606, $"The 'From' phone number {from} is not a valid, SMS-capable inbound phone number for your account.");
        if (!Number().IsMatch(to)) return Wrong(21211, $"Invalid 'To' Phone Number: {to}");
        return to switch
        {
            "+15005550001" => Wrong(21211, $"Invalid 'To' Phone Number: {to}"),
            "+15005550002" => Wrong(21612, $"The 'To' phone number {to} is not currently reachable using the 'From' phone number {from}."),
            "+15005550003" => Wrong(21408, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number."),
            "+15005550004" => Wrong(21610, "Attempt to send to unsubscribed recipient"),
            "+15005550009" => Wrong(21614, $"'To' number {to} is not a valid mobile number"),
            _ => null,
        };
    }

    private static TwilioRefusal Wrong(int code, string message) => new(400, code, message);

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}$", RegexOptions.None, 200)]
    private static partial Regex Number();
}
