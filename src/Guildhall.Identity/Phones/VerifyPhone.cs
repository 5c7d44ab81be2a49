using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Phones;

/// <summary>The code makes the number the account's, in place of the one before. One statement checks it and uses it up: five tries, ten minutes, once. A number belongs to
/// one account; the index decides between two who enter their codes at once.</summary>
public static class VerifyPhone
{
    public sealed record Body(string Code);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/me/phone/actions/verify", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp())
        .WithName(nameof(VerifyPhone)).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Code);

    private sealed record Tried(string Phone, bool Fits);

    private sealed record Verdict(Refusal? Refusal);

    /// <summary>A wrong code is counted and a right one is used up, so this commits also when it refuses.</summary>
    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        if (!PhoneCodes.LooksLikeOne(body.Code)) return IdentityRefusals.PhoneCodeFailed;
        var verdict = await identity.Database.InTransaction(async tx => new Verdict(await Try(tx, identity, caller, account, body.Code)), stop);
        if (verdict.Refusal is { } refusal) return refusal;
        await identity.ReachEveryNode(account);
        return new Done();
    }

    private static async Task<Refusal?> Try(Transaction tx, IdentityParts identity, Caller caller, Guid account, string code)
    {
        var id = new AccountId(account);
        if (await tx.Find<Tried>(UseCode, new { account, code = identity.PhoneCodes.Hash(AskPhoneCode.Purpose(account), code), now = tx.Now }) is not { Fits: true, Phone: var phone })
        {
            await tx.Audit(caller, "phone.code_refused", "account", id.ToString());
            return IdentityRefusals.PhoneCodeFailed;
        }
        await SmsLimits.Used(tx, phone);
        await CompleteSignIn.Lock(tx, id);
        var old = await tx.Find<string?>("select phone from identity.accounts where id = @account and phone_verified_at is not null", new { account });
        if (!await tx.Attempt(() => tx.ChangeOne(Take, new { account, phone, now = tx.Now }), "accounts_by_phone"))
        {
            await tx.Audit(caller, "phone.taken_by_another", "account", id.ToString(), personal: (account, new { phone }));
            return IdentityRefusals.PhoneTaken;
        }
        await KnownDevices.TrustNone(tx, id);
        await TellOfPhone.Changed(tx, account, old, phone);
        await tx.Audit(caller, "phone.changed", "account", id.ToString(), before: new { number = old is null ? null : Texts.Hint(old) }, after: new { number = Texts.Hint(phone) },
            personal: (account, new { from = old, to = phone }));
        await tx.Publish(new AccountChanged(account));
        return null;
    }

    private const string UseCode = """
        update identity.phone_verifications set tries = tries + 1, used_at = case when code_hash = @code then @now end
        where account_id = @account and used_at is null and tries < 5 and expires_at > @now
        returning phone, used_at is not null as fits
        """;

    private const string Take = "update identity.accounts set phone = @phone, phone_verified_at = @now, changed_at = @now where id = @account";
}
