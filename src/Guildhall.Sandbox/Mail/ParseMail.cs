using System.Text;

namespace Guildhall.Sandbox.Mail;

internal sealed record ParsedMail(string From, string Subject, string Text, string? Html, IReadOnlyDictionary<string, string> Headers);

/// <summary>Headers and the readable bodies of a message: text and html, nested multiparts, quoted-printable, base64.
/// Attachments are not kept.</summary>
internal static class ParseMail
{
    private const int Deepest = 5;

    public static ParsedMail From(byte[] message)
    {
        var (headers, body) = Split(message);
        var bodies = new Bodies();
        Collect(headers, body, bodies, 0);
        return new ParsedMail(
            DecodeHeader.From(headers.GetValueOrDefault("from", "")),
            DecodeHeader.From(headers.GetValueOrDefault("subject", "")),
            bodies.Text ?? (bodies.Html is null ? "" : "(This mail has no text part.)"),
            bodies.Html,
            headers);
    }

    private static void Collect(Dictionary<string, string> headers, byte[] body, Bodies bodies, int depth)
    {
        var type = HeaderValue.Parse(headers.GetValueOrDefault("content-type", "text/plain"));
        var nested = type.Name.StartsWith("multipart/", StringComparison.Ordinal) && depth < Deepest;
        if (nested && type.Parameters.TryGetValue("boundary", out var boundary))
        {
            foreach (var part in Parts(body, boundary))
            {
                var (own, content) = Split(part);
                Collect(own, content, bodies, depth + 1);
            }

            return;
        }

        if (HeaderValue.Parse(headers.GetValueOrDefault("content-disposition", "")).Name == "attachment") return;
        if (type.Name is not ("text/plain" or "text/html")) return;
        var encoding = headers.GetValueOrDefault("content-transfer-encoding", "");
        var decoded = DecodeBody.From(body, encoding, type.Parameters.GetValueOrDefault("charset", "utf-8"));
        if (type.Name == "text/html") bodies.Html ??= decoded;
        else bodies.Text ??= decoded;
    }

    private static (Dictionary<string, string> Headers, byte[] Body) Split(byte[] message)
    {
        var end = message.AsSpan().IndexOf("\r\n\r\n"u8);
        var startsWithBody = message.AsSpan().StartsWith("\r\n"u8);
        var head = startsWithBody ? "" : Encoding.UTF8.GetString(message.AsSpan(0, end < 0 ? message.Length : end));
        byte[] body = startsWithBody ? message[2..] : end < 0 ? [] : message[(end + 4)..];

        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Unfold(head))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers.TryAdd(line[..colon].Trim().ToLowerInvariant(), line[(colon + 1)..].Trim());
        }

        return (headers, body);
    }

    private static string[] Unfold(string head) => head
        .Replace("\r\n ", " ", StringComparison.Ordinal)
        .Replace("\r\n\t", " ", StringComparison.Ordinal)
        .Split("\r\n");

    private static List<byte[]> Parts(byte[] body, string boundary)
    {
        var mark = Encoding.UTF8.GetBytes("\r\n--" + boundary);
        byte[] whole = [.. "\r\n"u8, .. body];
        var parts = new List<byte[]>();
        var from = -1;
        for (var at = 0; at <= whole.Length;)
        {
            var next = whole.AsSpan(at).IndexOf(mark);
            if (next < 0) break;
            if (from >= 0) parts.Add(whole[from..(at + next)]);
            at += next + mark.Length;
            if (whole.AsSpan(at).StartsWith("--"u8)) break;
            var lineEnd = whole.AsSpan(at).IndexOf("\r\n"u8);
            if (lineEnd < 0) break;
            from = at + lineEnd + 2;
            at += lineEnd;
        }

        return parts;
    }

    private sealed class Bodies
    {
        public string? Text { get; set; }
        public string? Html { get; set; }
    }
}
