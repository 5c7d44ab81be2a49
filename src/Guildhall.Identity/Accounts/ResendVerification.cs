using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Accounts;

/// <summary>A new link and code for an account that waits for its confirmation. The answer is the same for every address, known or not.</summary>
public static class ResendVerification
{
    public sealed record Body(string Email);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/resend-verification", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, body, stop)).ToHttp(success: 202))
        .WithName(nameof(ResendVerification)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret()).Produces<Register.Answer>(202);

    private sealed record Waiting(AccountId Id, string Email, string DisplayName, string Language, string Zone, string PasswordHash);

    public static async Task<Result<Register.Answer>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (!EmailAddress.TryParse(body.Email, out var email)) return ProfileRules.Refuse(("email", "This is not an e-mail address we can write to."))!;
        if (await ConfirmationMails.TooMany(identity, email.Key, stop) is { } limited) return limited;

        await identity.Database.InTransaction(tx => Again(tx, identity, caller, email.Key), stop);
        return new Register.Answer("check_your_mail");
    }

    /// <summary>The confirmation anew when the address waits for one; nothing otherwise.</summary>
    internal static async Task Again(Transaction tx, IdentityParts identity, Caller caller, string emailKey)
    {
        if (await tx.Find<Waiting>(FindWaiting, new { key = emailKey }) is not { } account) return;
        EmailAddress.TryParse(account.Email, out var stored);
        await SendVerification.Run(tx, identity, account.Id, stored, new Wanted(account.DisplayName, account.Language, account.Zone, account.PasswordHash));
        await tx.Audit(caller, "account.verification_sent", "account", account.Id.ToString());
    }

    private const string FindWaiting = """
        select a.id, a.email, v.display_name, v.language, v.zone, v.password_hash
        from identity.accounts a join identity.email_verifications v on v.account_id = a.id
        where a.email_key = @key and a.state = 'unverified' for update of v
        """;
}
