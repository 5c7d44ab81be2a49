#if DEBUG
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Proofs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>Signs in as anybody by their address alone, for whoever writes the product. It is compiled into Debug builds only and mapped in the
/// Development environment only; a Debug build refuses to start in production.</summary>
internal static class DevSignIn
{
    public sealed record Body(string Email);

    public static void Map(IEndpointRouteBuilder root) => root
        .MapPost("/dev/sign-in", async (Body body, Caller caller, IdentityParts identity, SessionCookie cookie, HttpContext http, CancellationToken stop) =>
        {
            var result = await Run(identity, caller, body, stop);
            if (result.Is(out var signedIn, out var refusal) is false) return refusal.ToHttp();
            cookie.Write(http, signedIn);
            return Results.StatusCode(StatusCodes.Status204NoContent);
        })
        .WithName(nameof(DevSignIn)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret()).ExcludeFromDescription();

    public static Task<Result<SignedIn>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop) => identity.Database.InTransaction<Result<SignedIn>>(async tx =>
    {
        if (!EmailAddress.TryParse(body.Email, out var address) || await tx.Find<AccountId?>("select id from identity.accounts where email_key = @key", new { key = address.Key }) is not { } account)
            return IdentityRefusals.SignInFailed;
        var locked = await CompleteSignIn.Lock(tx, account);
        if (locked.State is not AccountState.Active) return IdentityRefusals.SignInFailed;
        return await CompleteSignIn.Open(tx, identity, caller, account, locked.Epoch, SessionKind.Cookie, ProofMethod.Password, second: null, known: null);
    }, stop);
}
#endif
