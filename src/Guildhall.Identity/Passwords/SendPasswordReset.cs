using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passwords;

/// <summary>Staff have a link sent to somebody who cannot get in, to the address that is stored. They see no link and no password and can set none. With
/// <c>mustChange</c> the password is given up for lost: every session ends, and it opens nothing any more but the way to a new one.</summary>
public static class SendPasswordReset
{
    public sealed record Body(string Why, bool MustChange = false);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/accounts/{id}/actions/send-password-reset", async (AccountId id, Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body, stop)).ToHttp())
        .WithName(nameof(SendPasswordReset)).Requires(IdentityPermissions.AccountReset);

    private sealed record Found(AccountState State, string EmailKey, bool MustChangePassword);

    public static async Task<Result<Done>> Run(IdentityParts identity, Caller caller, AccountId id, Body body, CancellationToken stop)
    {
        if (ProfileRules.Refuse(("why", StaffReason.Objection(body.Why))) is { } refusal) return refusal;
        if (await identity.Database.Find<string>("select email_key from identity.accounts where id = @id", new { id }, stop) is not { } key) return FoundationRefusals.NotFound;
        if (await RequestPasswordReset.TooMany(identity, key, stop) is { } limited) return limited;
        var result = await identity.Database.InTransaction(tx => Write(tx, caller, id, body), stop);
        if (result.Granted) await identity.ReachEveryNode(id.Value);
        return result;
    }

    private static async Task<Result<Done>> Write(Transaction tx, Caller caller, AccountId id, Body body)
    {
        var found = await tx.Get<Found>("select state, email_key, must_change_password from identity.accounts where id = @id for no key update", new { id });
        if (found.State is not AccountState.Active) return IdentityRefusals.WrongAccountState;
        if (body.MustChange)
        {
            await tx.ChangeOne("update identity.accounts set must_change_password = true where id = @id", new { id });
            await StorePassword.EndSessions(tx, id);
        }
        await tx.Enqueue(new MailPasswordReset(id.Value));
        await tx.Audit(caller, "password.reset_sent", "account", id.ToString(), before: new { mustChange = found.MustChangePassword },
            after: new { mustChange = found.MustChangePassword || body.MustChange }, why: body.Why);
        return new Done();
    }
}
