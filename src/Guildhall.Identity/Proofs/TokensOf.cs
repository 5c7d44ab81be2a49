using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Identity.Proofs;

/// <summary>How a program is answered that signed in.</summary>
internal static class TokensOf
{
    public static IResult Tokens(this Result<SignedIn> result) => result.Is(out var signedIn, out var refusal) ? Results.Json(signedIn.Tokens, JsonRules.Options) : refusal.ToHttp();
}
