using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Health;

/// <summary>Deep health for staff and their monitors: 503 when a part fails, else 200.</summary>
public static class ReadHealth
{
    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/health", async (DeepHealth health, CancellationToken stop) =>
        {
            var report = await health.Read(stop);
            return TypedResults.Json(report, JsonRules.Options, statusCode: report.Level == HealthLevel.Failing ? 503 : 200);
        })
        .Produces<HealthReport>().Produces<HealthReport>(503).WithName(nameof(ReadHealth)).Requires(OperationsPermissions.HealthView);
}
