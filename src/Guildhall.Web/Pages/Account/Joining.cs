using System.Text.Json;
using Guildhall.Web.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Guildhall.Web.Pages.Account;

/// <summary>Between sign-up and the first sign-in: the address to confirm and where the person wanted to go. Kept in their browser, since an
/// address in an URL would stand in logs.</summary>
internal sealed record Joining(string Email, string? ReturnUrl)
{
    private const string Name = "joining";
    private const int MaxCookie = 3500;

    public static void Keep(HttpContext http, Joining joining) =>
        PageCookies.Keep(http, Name, WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(joining)), TimeSpan.FromHours(1));

    public static Joining? Read(HttpContext http)
    {
        if (PageCookies.Read(http, Name) is not { Length: > 0 and <= MaxCookie } text) return null;
        try
        {
            return JsonSerializer.Deserialize<Joining>(WebEncoders.Base64UrlDecode(text)) is { Email: not null } joining ? joining : null;
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            return null;
        }
    }
}
