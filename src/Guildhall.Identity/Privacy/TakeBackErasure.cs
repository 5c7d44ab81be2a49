using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Privacy;

/// <summary>waiting → taken_back, by the person or by staff whom they asked: nothing is erased.</summary>
public static class TakeBackErasure
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/me/erasure/actions/take-back", async (Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, new AccountId(caller.AccountId!.Value), null, stop)).ToHttp())
            .WithName(nameof(TakeBackErasure)).RequiresSignIn().ChecksSessionRow();
        api.MapPost("/admin/accounts/{id}/actions/keep", async (AccountId id, SuspendAccount.Body body, Caller caller, Database database, CancellationToken stop) =>
            (await ByStaff(database, caller, id, body.Why, stop)).ToHttp())
            .WithName("KeepAccount").Requires(IdentityPermissions.AccountErase);
    }

    public static async Task<Result<Done>> ByStaff(Database database, Caller caller, AccountId id, string why, CancellationToken stop) =>
        ProfileRules.Refuse(("why", StaffReason.Objection(why))) is { } refusal ? refusal : await Run(database, caller, id, why, stop);

    public static Task<Result<Done>> Run(Database database, Caller caller, AccountId account, string? why, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (await tx.ChangeNow("update identity.erasures set state = 'taken_back', ended_at = @now where account_id = @account and state = 'waiting'", new { account, now = tx.Now }) == 0)
            return IdentityRefusals.ErasureNotWaiting;
        await tx.Audit(caller, "account.erasure_taken_back", "account", account.ToString(), why: why);
        await Notify.Person(tx, account.Value, "erasure_taken_back", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/account/data" });
        return new Done();
    }, stop);
}
