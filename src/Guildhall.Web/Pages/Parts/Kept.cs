using System.Text.Json;
using Guildhall.Web.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Guildhall.Web.Pages.Parts;

/// <summary>A form that was refused, for the page that shows it again: errors by field (empty for the whole form) and what was typed.
/// Kept for a minute in the browser that sent it; never a password.</summary>
internal sealed record Kept(string Form, IReadOnlyDictionary<string, string> Errors, IReadOnlyDictionary<string, string> Fields)
{
    private const string Name = "kept";
    private const int MaxCookie = 3800;
    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);

    public string? Value(string field) => Fields.GetValueOrDefault(field);

    public string? Error(string field) => Errors.GetValueOrDefault(field);

    internal static void Keep(HttpContext http, Kept kept)
    {
        var text = Text(kept);
        if (text.Length > MaxCookie) text = Text(kept with { Fields = Nothing });
        PageCookies.Keep(http, Name, text, TimeSpan.FromMinutes(1));
    }

    /// <summary>What was kept of the form with this address, once; an empty one otherwise.</summary>
    internal static Kept Take(HttpContext http, string form)
    {
        var none = new Kept(form, Nothing, Nothing);
        if (PageCookies.Read(http, Name) is not { Length: > 0 and <= MaxCookie } text) return none;
        try
        {
            var kept = JsonSerializer.Deserialize<Kept>(WebEncoders.Base64UrlDecode(text));
            if (kept is not { Errors: not null, Fields: not null } || kept.Form != form) return none;
            if (!http.Response.HasStarted) PageCookies.Forget(http, Name);
            return kept;
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            return none;
        }
    }

    private static string Text(Kept kept) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(kept));
}
