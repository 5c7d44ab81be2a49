using System.Text.Json;
using Guildhall.Identity.Phones;
using Guildhall.Web.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Guildhall.Web.Pages.Account;

/// <summary>Between the number and its code: the attempt with its token, and where the person wanted to go. Kept in their browser, out of reach of script.</summary>
internal sealed record PhoneAttempt(string Id, string Token, string Phone, string? ReturnUrl)
{
    private const string Name = "phone-attempt";
    private const int MaxCookie = 3500;

    /// <summary>The attempt's id; nobody's when the cookie was meddled with.</summary>
    public PhoneSignInId AttemptId => PhoneSignInId.TryParse(Id, null, out var id) ? id : default;

    public static void Keep(HttpContext http, PhoneAttempt attempt) =>
        PageCookies.Keep(http, Name, WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(attempt)), TimeSpan.FromMinutes(10));

    public static void Forget(HttpContext http) => PageCookies.Forget(http, Name);

    public static PhoneAttempt? Read(HttpContext http)
    {
        if (PageCookies.Read(http, Name) is not { Length: > 0 and <= MaxCookie } text) return null;
        try
        {
            return JsonSerializer.Deserialize<PhoneAttempt>(WebEncoders.Base64UrlDecode(text)) is { Id: not null, Token: not null, Phone: not null } attempt ? attempt : null;
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            return null;
        }
    }
}
