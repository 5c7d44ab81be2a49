using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Privacy;

/// <summary>asked → ready, and gone after seven days.</summary>
public enum ExportState { Asked, Ready }

/// <summary>A copy of what is held about a person. <c>Bytes</c> and <c>Sha256</c> are of the file as it is downloaded.</summary>
public sealed record ExportView(ExportId Id, ExportState State, DateTimeOffset AskedAt, DateTimeOffset? ReadyAt, DateTimeOffset? ExpiresAt, int? Bytes, string? Sha256);

/// <summary>A person asks for a copy of everything the product holds about them. A job makes it; one at a time.</summary>
public static class AskForExport
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/me/exports", async (Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, stop)).ToHttp(success: 202))
        .WithName(nameof(AskForExport)).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth).Produces<ExportView>(202);

    public static async Task<Result<ExportView>> Run(Database database, Caller caller, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        return await database.InTransaction<Result<ExportView>>(async tx =>
        {
            var id = tx.NewId<ExportId>();
            if (await tx.ChangeNow(Add, new { id, account, now = tx.Now }) == 0) return IdentityRefusals.ExportUnderWay;
            await tx.Enqueue(new BuildExport(id), uniqueKey: id.ToString());
            await tx.Audit(caller, "export.asked", "export", id.ToString());
            return new ExportView(id, ExportState.Asked, tx.Now, null, null, null, null);
        }, stop);
    }

    private const string Add = """
        insert into identity.exports (id, account_id, asked_at) values (@id, @account, @now) on conflict (account_id) where state = 'asked' do nothing
        """;
}
