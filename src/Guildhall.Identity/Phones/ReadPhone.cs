using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Messaging.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Phones;

/// <summary>A person's own number, the one that waits for its code, and what text messages are worth.</summary>
public static class ReadPhone
{
    /// <param name="To">The end of the number.</param>
    public sealed record Waiting(string To, DateTimeOffset ExpiresAt);

    /// <param name="Phone">E.164; null when there is none.</param>
    /// <param name="Available">False: this installation sends no text messages.</param>
    public sealed record Answer(string? Phone, DateTimeOffset? VerifiedAt, Waiting? Pending, bool Available, SmsRisk Risk);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/me/phone", async (Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, stop)).ToHttp())
        .WithName(nameof(ReadPhone)).RequiresSignIn().Produces<Answer>();

    private sealed record Row(string? Phone, DateTimeOffset? PhoneVerifiedAt, string? Pending, DateTimeOffset? ExpiresAt);

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        var now = identity.Database.Clock.GetUtcNow();
        var row = await identity.Database.Find<Row>(Read, new { account, now }, stop);
        return new Answer(row?.Phone, row?.PhoneVerifiedAt, row is { Pending: { } pending, ExpiresAt: { } expires } ? new Waiting(Texts.Hint(pending), expires) : null, identity.Sms.CanText, SmsRisk.Said);
    }

    private const string Read = """
        select case when a.phone_verified_at is not null then a.phone end as phone, a.phone_verified_at, v.phone as pending, v.expires_at
        from identity.accounts a left join identity.phone_verifications v on v.account_id = a.id and v.used_at is null and v.tries < 5 and v.expires_at > @now
        where a.id = @account
        """;
}
