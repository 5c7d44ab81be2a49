using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Providers;

/// <summary>One's own applications, newest first.</summary>
public static class ListMyApplications
{
    public sealed record Answer(IReadOnlyList<ApplicationView> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/provider-applications", async (Caller caller, Database database, CancellationToken stop) => ((Result<Answer>)new Answer(await Run(database, caller.AccountId!.Value, stop))).ToHttp())
        .WithName(nameof(ListMyApplications)).RequiresSignIn().Produces<Answer>();

    // Who decided is staff's own business.
    public static async Task<IReadOnlyList<ApplicationView>> Run(Database database, Guid account, CancellationToken stop) =>
        [.. (await database.List<ApplicationView>($"{Applications.Select} where p.account_id = @account order by p.id desc limit 20", new { account }, stop)).Select(a => a with { DecidedBy = null })];
}
