using System.Text;
using Guildhall.Web.Components.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Guildhall.Web.Components.Feedback;

/// <summary>A sentence for the page after the redirect, carried in a short-lived cookie and shown once by every layout.
/// It says what was done; it decides nothing, so a forged one fools only its forger.</summary>
public static class Flash
{
    private const string Name = "said";
    private const int MaxLength = 300;

    /// <summary>Leaves a sentence for the next page of this browser.</summary>
    public static void Say(HttpContext http, string text, Tone tone = Tone.Good) =>
        PageCookies.Keep(http, Name, $"{(int)tone}.{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(text))}", TimeSpan.FromMinutes(1));

    /// <summary>Takes the sentence, if there is one.</summary>
    internal static (string Text, Tone Tone)? Take(HttpContext http)
    {
        if (PageCookies.Read(http, Name) is not { Length: > 2 } said || http.Response.HasStarted) return null;
        PageCookies.Forget(http, Name);
        try
        {
            var text = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(said[2..]));
            var tone = (Tone)(said[0] - '0');
            return text.Length > MaxLength || !Enum.IsDefined(tone) ? null : (text, tone);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
