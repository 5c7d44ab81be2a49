using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Integrations;

/// <summary>Which outside parties work, and what people lose while one does not. Errors and times are for staff.</summary>
public static class ReadIntegrations
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/integrations/status", async (Caller caller, IntegrationStatus status, CancellationToken stop) => TypedResults.Json(await Run(status, caller, stop), JsonRules.Options))
        .Produces<IReadOnlyList<Integration>>().WithName(nameof(ReadIntegrations)).ForAnyone();

    public static async Task<IReadOnlyList<Integration>> Run(IntegrationStatus status, Caller caller, CancellationToken stop)
    {
        var all = await status.Read(stop);
        return caller.May(OperationsPermissions.HealthView) ? all : [.. all.Select(i => i with { LastSuccess = null, LastFailure = null, LastError = null, Since = null })];
    }
}
