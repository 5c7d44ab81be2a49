using System.Text;
using System.Text.RegularExpressions;

namespace Guildhall.Sandbox.Mail;

/// <summary>RFC 2047 words: <c>=?utf-8?B?…?=</c> and <c>=?utf-8?Q?…?=</c>; the blank between two of them is not part of the text.</summary>
internal static partial class DecodeHeader
{
    public static string From(string header) => Word().Replace(Between().Replace(header, "?=$1=?"), Decode);

    private static string Decode(Match word)
    {
        var content = Encoding.ASCII.GetBytes(word.Groups["text"].Value);
        var bytes = word.Groups["how"].Value is "B" or "b" 
            ? DecodeBody.Base64(content)
            : DecodeBody.QuotedPrintable(content, underscoreIsSpace: true);
        return DecodeBody.Text(bytes, word.Groups["charset"].Value);
    }

    [GeneratedRegex(@"=\?(?<charset>[A-Za-z0-9_-]+)(?:\*[A-Za-z-]+)?\?(?<how>[BbQq])\?(?<text>[^?\s]*)\?=", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex(@"\?=()\s+=\?", RegexOptions.NonBacktracking)]
    private static partial Regex Between();
}
