using System.Text.Encodings.Web;
using System.Text.Json;
using Guildhall.Web.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Guildhall.Web.Pages.Console.Parts;

/// <summary>What was typed into a form that was refused, for the page that shows the form again; kept for a minute in the browser.</summary>
/// <param name="Form">The address the form was sent to.</param>
/// <param name="Field">The field the sentence is about; empty for the whole form.</param>
/// <param name="Sentence">Empty when there is nothing to object.</param>
internal sealed record Draft(string Form, string Field, string Sentence, IReadOnlyDictionary<string, string> Fields)
{
    private const string Name = "draft";
    private const int MaxCookie = 3800;
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string? Value(string field) => Fields.GetValueOrDefault(field);

    public string? Error(string field) => Field == field && Sentence.Length > 0 ? Sentence : null;

    internal static void Keep(HttpContext http, Draft draft)
    {
        var text = Text(draft);
        if (text.Length > MaxCookie) text = Text(draft with { Fields = new Dictionary<string, string>(StringComparer.Ordinal) });
        PageCookies.Keep(http, Name, text, TimeSpan.FromMinutes(1));
    }

    /// <summary>The drafts of forms whose address begins so; shown once.</summary>
    internal static Draft? Take(HttpContext http, string under)
    {
        if (PageCookies.Read(http, Name) is not { Length: > 0 and <= MaxCookie } text) return null;
        if (!http.Response.HasStarted) PageCookies.Forget(http, Name);
        try
        {
            var draft = JsonSerializer.Deserialize<Draft>(WebEncoders.Base64UrlDecode(text), Json);
            return draft?.Form?.StartsWith(under, StringComparison.Ordinal) == true && draft.Fields is not null ? draft : null;
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string Text(Draft draft) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(draft, Json));
}
