using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Privacy;

/// <summary>Staff note the wish of a person who cannot do it themselves. The same two weeks; the person is told and can take it back.</summary>
public static class EraseOnRequest
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/accounts/{id}/actions/erase", async (AccountId id, SuspendAccount.Body body, Caller caller, IdentityParts identity, IEnumerable<PersonalData> parts, CancellationToken stop) =>
            (await Run(identity, parts, caller, id, body.Why, stop)).ToHttp(success: 202))
        .WithName(nameof(EraseOnRequest)).Requires(IdentityPermissions.AccountErase).RequiresStepUp().Produces<ErasureView>(202);

    public static async Task<Result<ErasureView>> Run(IdentityParts identity, IEnumerable<PersonalData> parts, Caller caller, AccountId id, string why, CancellationToken stop)
    {
        if (caller.Is(id.Value)) return IdentityRefusals.NotYourself;
        if (ProfileRules.Refuse(("why", StaffReason.Objection(why))) is { } refusal) return refusal;
        return await identity.Database.InTransaction(tx => AskForErasure.Ask(tx, parts, caller, id, why), stop);
    }
}
