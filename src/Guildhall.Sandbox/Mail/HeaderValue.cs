namespace Guildhall.Sandbox.Mail;

/// <summary><c>text/html; charset="utf-8"</c>: the value in lower case and its parameters.</summary>
internal sealed record HeaderValue(string Name, Dictionary<string, string> Parameters)
{
    public static HeaderValue Parse(string header)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var pieces = header.Split(';');
        foreach (var piece in pieces.Skip(1))
        {
            var pair = piece.Split('=', 2);
            if (pair.Length == 2) parameters.TryAdd(pair[0].Trim().ToLowerInvariant(), pair[1].Trim().Trim('"'));
        }

        return new HeaderValue(pieces[0].Trim().ToLowerInvariant(), parameters);
    }
}
