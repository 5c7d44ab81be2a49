using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Identity.Proofs;

/// <summary>How a program is answered that signed in.</summary>
internal static class TokensOf
{
    /// <summary>The tokens; a browser's script whose session is held by the cookie gets the next cookie and no body.</summary>
    public static IResult Tokens(this Result<SignedIn> result, HttpContext http)
    {
        if (result is not { Granted: true, Value.CookieToken: not null }) return result.Tokens();
        http.RequestServices.GetRequiredService<SessionCookie>().Write(http, result.Value);
        return Results.NoContent();
    }

    public static IResult Tokens(this Result<SignedIn> result) => result.Is(out var signedIn, out var refusal) ? Results.Json(signedIn.Tokens, JsonRules.Options) : refusal.ToHttp();
}
