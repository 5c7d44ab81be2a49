using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Providers;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Moderation;

/// <summary>suspended → active: a provider sells again, and is told. Nobody decides for themselves; whoever was erased stays so.</summary>
public static class ResumeProvider
{
    public sealed record Body(string? Why);

    private sealed record Found(Guid AccountId, ProviderState State);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/providers/{id}/actions/resume", async (ProviderId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(ResumeProvider)).Requires(MarketplacePermissions.TalkModerate).Produces(204);

    public static Task<Result<Done>> Run(Database database, Caller caller, ProviderId id, Body body, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        var why = body.Why?.Trim();
        if (why is not { Length: >= TalkReportRows.MinWhy and <= TalkReportRows.MaxWhy } || why.Any(char.IsControl)) return MarketplaceRefusals.DecisionWhyMissing;
        if (await tx.Find<Found>("select p.account_id, p.state from marketplace.providers p where p.id = @id for update of p", new { id }) is not { } provider) return MarketplaceRefusals.ProviderNotFound;
        if (caller.AccountId is { } who && await Accounts.AreOnePerson(tx, who, provider.AccountId)) return MarketplaceRefusals.ReportParty;
        if (provider.State == ProviderState.Active) return default(Done);
        if (!await Accounts.IsActive(tx, provider.AccountId)) return MarketplaceRefusals.ApplicantNotActive;
        await tx.ChangeOne("update marketplace.providers set state = 'active' where id = @id and state = 'suspended'", new { id });
        await tx.Audit(caller, "provider.resumed", "provider", id.ToString(), before: new { provider.State }, why: why);
        await Notify.Person(tx, provider.AccountId, "provider_resumed", new Dictionary<string, string>(StringComparer.Ordinal) { ["why"] = why, ["link"] = "/desk" },
            uniqueKey: $"{id}:{tx.Now.ToUnixTimeMilliseconds()}");
        return default(Done);
    }, stop);
}
