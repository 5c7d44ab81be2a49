using System.Text;

namespace Guildhall.Sandbox.Mail;

internal static class DecodeBody
{
    public static string From(byte[] body, string encoding, string charset)
    {
        var bytes = encoding.Trim().ToLowerInvariant() switch
        {
            "base64" => Base64(body),
            "quoted-printable" => QuotedPrintable(body, underscoreIsSpace: false),
            _ => body,
        };
        return Text(bytes, charset).Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n');
    }

    public static string Text(byte[] bytes, string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset).GetString(bytes);
        }
        catch (ArgumentException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    public static byte[] Base64(ReadOnlySpan<byte> body)
    {
        try
        {
            return Convert.FromBase64String(Encoding.ASCII.GetString(body));
        }
        catch (FormatException)
        {
            return body.ToArray();
        }
    }

    public static byte[] QuotedPrintable(ReadOnlySpan<byte> body, bool underscoreIsSpace)
    {
        var decoded = new MemoryStream(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            var octet = body[i];
            if (octet == '=' && body[(i + 1)..].StartsWith("\r\n"u8))
            {
                i += 2;
            }
            else if (octet == '=' && IsHexPair(body[(i + 1)..]))
            {
                decoded.WriteByte(Convert.FromHexString([(char)body[i + 1], (char)body[i + 2]])[0]);
                i += 2;
            }
            else
            {
                decoded.WriteByte(octet == '_' && underscoreIsSpace ? (byte)' ' : octet);
            }
        }

        return decoded.ToArray();
    }

    private static bool IsHexPair(ReadOnlySpan<byte> text) =>
        text.Length >= 2 && char.IsAsciiHexDigit((char)text[0]) && char.IsAsciiHexDigit((char)text[1]);
}
