using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Permissions;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Providers;

/// <summary>submitted → approved: the profile is made and the role given in the same transaction, or none of it. submitted → rejected, with a reason that the
/// applicant reads. Never by the applicant, whatever address they come with.</summary>
public static class DecideApplication
{
    private const int MaxHeadline = 160;

    public sealed record RejectBody(string Reason);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/admin/provider-applications/{id}/actions/approve", async (ProviderApplicationId id, Caller caller, Database database, CancellationToken stop) => (await Approve(database, caller, id, stop)).ToHttp())
            .WithName("ApproveApplication").Requires(MarketplacePermissions.ProviderApprove).Produces<ApplicationView>();
        api.MapPost("/admin/provider-applications/{id}/actions/reject", async (ProviderApplicationId id, RejectBody body, Caller caller, Database database, CancellationToken stop) =>
            (await Reject(database, caller, id, body.Reason, stop)).ToHttp())
            .WithName("RejectApplication").Requires(MarketplacePermissions.ProviderApprove).Produces<ApplicationView>();
    }

    public static Task<Result<ApplicationView>> Approve(Database database, Caller caller, ProviderApplicationId id, CancellationToken stop) => database.InTransaction<Result<ApplicationView>>(async tx =>
    {
        if (!(await Open(tx, caller, id)).Is(out var application, out var refusal)) return refusal;
        if (!await Accounts.IsActive(tx, application.Account)) return MarketplaceRefusals.ApplicantNotActive;

        var (provider, person) = (tx.NewId<ProviderId>(), await Accounts.Summary(tx, application.Account));
        var headline = application.Services.Split('\n')[0];
        var made = await tx.ChangeNow(AddProvider, new
        {
            provider, account = application.Account, application.BusinessName, headline = headline.Length > MaxHeadline ? headline[..MaxHeadline] : headline, application.About, application.Kind,
            person.Zone, languages = (string[])[person.Language], now = tx.Now,
        });
        if (made == 0) return MarketplaceRefusals.AlreadyAProvider;
        await tx.ChangeOne(SetApproved, new { id, by = caller.AccountId, provider, now = tx.Now });
        await Roles.Give(tx, caller, application.Account, Roles.Provider);
        await tx.Audit(caller, "provider_application.approved", "provider_application", id.ToString(), before: new { application.State }, after: new { state = ApplicationState.Approved, provider });
        await Notify.Person(tx, application.Account, "partner_approved", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/desk" }, uniqueKey: id.ToString());
        return application with { State = ApplicationState.Approved, EndedAt = tx.Now, DecidedBy = caller.AccountId, Provider = provider };
    }, stop);

    public static async Task<Result<ApplicationView>> Reject(Database database, Caller caller, ProviderApplicationId id, string reason, CancellationToken stop)
    {
        var why = reason.Trim();
        if (why.Length is < 3 or > 500 || why.Any(char.IsControl))
            return FoundationRefusals.InvalidInput.With(("fields", new Dictionary<string, string>(StringComparer.Ordinal) { ["reason"] = "Say why, in 3 to 500 characters; the applicant reads it." }));
        return await database.InTransaction<Result<ApplicationView>>(async tx =>
        {
            if (!(await Open(tx, caller, id)).Is(out var application, out var refusal)) return refusal;
            await tx.ChangeOne(SetRejected, new { id, by = caller.AccountId, why, now = tx.Now });
            await tx.Audit(caller, "provider_application.rejected", "provider_application", id.ToString(), before: new { application.State }, after: new { state = ApplicationState.Rejected }, why: why);
            await Notify.Person(tx, application.Account, "partner_rejected", new Dictionary<string, string>(StringComparer.Ordinal) { ["reason"] = why, ["link"] = "/account/provider" }, uniqueKey: id.ToString());
            return application with { State = ApplicationState.Rejected, EndedAt = tx.Now, DecidedBy = caller.AccountId, Reason = why };
        }, stop);
    }

    private static async Task<Result<ApplicationView>> Open(Transaction tx, Caller caller, ProviderApplicationId id)
    {
        if (await Applications.Lock(tx, id) is not { } application) return MarketplaceRefusals.ApplicationNotFound;
        if (application.State is not ApplicationState.Submitted) return MarketplaceRefusals.ApplicationDecided;
        return await Accounts.AreOnePerson(tx, application.Account, caller.AccountId!.Value) ? MarketplaceRefusals.OwnApplication : application;
    }

    private const string AddProvider = """
        insert into marketplace.providers (id, account_id, display_name, headline, bio, kind, zone, languages, created_at)
        values (@provider, @account, @BusinessName, @headline, @About, @Kind, @Zone, @languages, @now)
        on conflict (account_id) do nothing
        """;

    private const string SetApproved = """
        update marketplace.provider_applications set state = 'approved', ended_at = @now, decided_by = @by, provider_id = @provider where id = @id and state = 'submitted'
        """;

    private const string SetRejected = """
        update marketplace.provider_applications set state = 'rejected', ended_at = @now, decided_by = @by, reason = @why where id = @id and state = 'submitted'
        """;
}
