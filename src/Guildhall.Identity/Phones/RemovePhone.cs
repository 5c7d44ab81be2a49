using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Phones;

/// <summary>A person takes their number off the account: no code goes there any more, and one that is under way is worth nothing. Again is the same.</summary>
public static class RemovePhone
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/me/phone", async (Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, stop)).ToHttp())
        .WithName(nameof(RemovePhone)).RequiresSignIn().RequiresStepUp();

    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        await identity.Database.InTransaction(async tx =>
        {
            var id = new AccountId(account);
            await tx.Change("delete from identity.phone_verifications where account_id = @account", new { account });
            await CompleteSignIn.Lock(tx, id);
            if (await tx.Find<string?>("select phone from identity.accounts where id = @account and phone_verified_at is not null", new { account }) is not { } old) return;
            await tx.ChangeOne("update identity.accounts set phone = null, phone_verified_at = null, changed_at = @now where id = @account and phone = @old", new { account, old, now = tx.Now });
            await TellOfPhone.Removed(tx, account, old);
            await tx.Audit(caller, "phone.removed", "account", id.ToString(), before: new { number = Texts.Hint(old) }, personal: (account, new { phone = old }));
            await tx.Publish(new AccountChanged(account));
        }, stop);
        await identity.ReachEveryNode(account);
        return new Done();
    }
}
