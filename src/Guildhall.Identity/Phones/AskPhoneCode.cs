using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Messaging.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Phones;

/// <summary>A person names a new number of theirs; a code goes to it. The number they have stays theirs until the code is entered. A new code voids the one before.
/// Whether somebody else has the number is not said here: only who enters its code learns that.</summary>
public static class AskPhoneCode
{
    /// <param name="Phone">International form; without a country's number in front when the setting <c>identity.phone_country</c> names one.</param>
    public sealed record Body(string Phone);

    /// <param name="To">The end of the number.</param>
    public sealed record Answer(string To, DateTimeOffset ExpiresAt, SmsRisk Risk);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/me/phone", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp(success: 202))
        .WithName(nameof(AskPhoneCode)).RequiresSignIn().RequiresStepUp().Limited(RateClass.Code).Produces<Answer>(202);

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        if (!identity.Sms.CanText) return IdentityRefusals.SmsNotConfigured;
        if (!(await Read(identity, body.Phone, stop)).Is(out var phone, out var unfit)) return unfit;
        if (await SmsLimits.Check(identity, caller, phone, account, stop) is { } refusal) return refusal;

        var code = PhoneCodes.New();
        return await identity.Database.InTransaction(async tx =>
        {
            var expires = tx.Now + PhoneCodes.Lifetime;
            await tx.ChangeOne(Put, new { account, phone = phone.Text, codeHash = identity.PhoneCodes.Hash(Purpose(account), code), now = tx.Now, expires });
            await Texts.Send(tx, account, phone.Text, "phone_code", new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = code }, expires);
            await SmsLimits.Sent(tx, phone.Text);
            await tx.Audit(caller, "phone.code_asked", "account", new AccountId(account).ToString(), personal: (account, new { phone = phone.Text }));
            return new Answer(Texts.Hint(phone.Text), expires, SmsRisk.Said);
        }, stop);
    }

    /// <summary>The number in what a person wrote, if it can be used.</summary>
    internal static Task<Result<PhoneNumber>> Read(IdentityParts identity, string text, CancellationToken stop) =>
        identity.Database.InTransaction(async tx => PhoneNumber.Read(text, await tx.Setting(SmsSettings.HomeCountry)), stop);

    internal static string Purpose(Guid account) => $"number of {account:n}";

    private const string Put = """
        insert into identity.phone_verifications (account_id, phone, code_hash, sent_at, expires_at) values (@account, @phone, @codeHash, @now, @expires)
        on conflict (account_id) do update set phone = excluded.phone, code_hash = excluded.code_hash, tries = 0, sent_at = excluded.sent_at, expires_at = excluded.expires_at, used_at = null
        """;
}
