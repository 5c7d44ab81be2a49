using System.Globalization;
using System.Text;

namespace Guildhall.Messaging.Email;

/// <summary>A message as RFC 5322 text. Header values are either refused or encoded: nothing a person typed can end a header line.</summary>
internal static class MailText
{
    private const int LineLength = 76;

    /// <summary>Message-ID of a delivery: the same at every attempt, so that a repeat can be recognised.</summary>
    public static string MessageId(DeliveryId delivery, string from) => $"<{delivery}@{from[(from.LastIndexOf('@') + 1)..]}>";

    public static string Compose(OutgoingMail mail)
    {
        var (delivery, from, to, toName, at, message, _) = mail;
        var boundary = "=_" + delivery;
        var text = new StringBuilder();
        Header(text, "From", $"<{Address(from)}>");
        Header(text, "To", toName.Length == 0 ? $"<{Address(to)}>" : $"{Words(toName)} <{Address(to)}>");
        Header(text, "Subject", Words(message.Subject));
        Header(text, "Date", at.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000");
        Header(text, "Message-ID", MessageId(delivery, from));
        Header(text, "Content-Language", message.Language);
        Header(text, "Auto-Submitted", "auto-generated");
        foreach (var (name, value) in UnsubscribeHeaders(mail)) Header(text, name, value);
        Header(text, "MIME-Version", "1.0");
        Header(text, "Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        Part(text, boundary, "text/plain", message.Text);
        Part(text, boundary, "text/html", message.Html);
        return text.Append("\r\n--").Append(boundary).Append("--\r\n").ToString();
    }

    /// <summary>What lets a mail program offer one click (RFC 2369, RFC 8058); whoever signs our mail has to sign these too.</summary>
    public static IEnumerable<(string Name, string Value)> UnsubscribeHeaders(OutgoingMail mail) =>
        mail.Unsubscribe is { } link ? [("List-Unsubscribe", $"<{link.AbsoluteUri}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] : [];

    /// <summary>The address as it may stand in an envelope or header; throws <see cref="FormatException"/> for anything else.</summary>
    public static string Address(string address) =>
        address.Length <= 254 && address.IndexOf('@', StringComparison.Ordinal) > 0 && address.All(c => c is > ' ' and < (char)127 and not '<' and not '>' and not ',' and not '"' and not ';')
            ? address
            : throw new FormatException("This address cannot stand in a mail header.");

    // Plain words stay readable, the rest becomes RFC 2047 encoded words of at most 75 characters, never splitting a character.
    private static string Words(string value)
    {
        if (value.Length < 60 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-')) return value;
        var words = new List<string>();
        var chunk = new List<byte>(45);
        foreach (var rune in value.EnumerateRunes())
        {
            var bytes = Encoding.UTF8.GetBytes((Rune.IsControl(rune) ? new Rune(' ') : rune).ToString());
            if (chunk.Count + bytes.Length > 45) { words.Add(Word(chunk)); chunk.Clear(); }
            chunk.AddRange(bytes);
        }
        words.Add(Word(chunk));
        return string.Join("\r\n ", words);
    }

    private static string Word(List<byte> bytes) => $"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=";

    private static void Header(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append("\r\n");

    private static void Part(StringBuilder text, string boundary, string type, string content)
    {
        text.Append("\r\n--").Append(boundary).Append("\r\nContent-Type: ").Append(type).Append("; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(content.ReplaceLineEndings("\r\n")));
        for (var i = 0; i < encoded.Length; i += LineLength) text.Append(encoded.AsSpan(i, Math.Min(LineLength, encoded.Length - i))).Append("\r\n");
    }
}
