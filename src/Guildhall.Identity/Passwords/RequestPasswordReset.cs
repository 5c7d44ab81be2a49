using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passwords;

/// <summary>Somebody forgot a password. Known, unknown, unconfirmed and suspended addresses get the same answer for the same work: one look-up and one
/// job, which also writes the audit. What it finds, only the mailbox learns.</summary>
public static class RequestPasswordReset
{
    /// <summary>Messages to one account an hour, whoever asks for them.</summary>
    public const int PerHour = 5;

    public sealed record Body(string Email);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/password-resets", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, body, stop)).ToHttp(success: 202))
        .WithName(nameof(RequestPasswordReset)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret(), new OpenBeforeSecondFactor()).Produces<Register.Answer>(202);

    public static async Task<Result<Register.Answer>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (!EmailAddress.TryParse(body.Email, out var email)) return ProfileRules.Refuse(("email", "This is not an e-mail address we can write to."))!;
        if (await TooMany(identity, email.Key, stop) is { } limited) return limited;
        await identity.Database.InTransaction(async tx =>
        {
            var account = await tx.Find<AccountId?>("select id from identity.accounts where email_key = @key", new { key = email.Key });
            await tx.Enqueue(new MailPasswordReset(account?.Value, new(caller.Address?.ToString(), caller.RequestId)));
        }, stop);
        return new Register.Answer("check_your_mail");
    }

    /// <summary>Counts one message to an address, known or not; the refusal when it was one too many.</summary>
    internal static async Task<Refusal?> TooMany(IdentityParts identity, string emailKey, CancellationToken stop) =>
        await identity.Limits.Hit("reset-mail:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(emailKey))), PerHour, 3600, stop) is { } wait
            ? FoundationRefusals.RateLimited with { RetryAfterSeconds = wait } : null;
}
