using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Health;

/// <summary>Every limit of this node, in words made from the values that are enforced; <c>docs/limits.md</c> is made from the same.</summary>
public static class ListLimits
{
    /// <param name="RateFactor">What rates and counts of accounts are multiplied by; 1 but in load drills.</param>
    public sealed record Answer(IReadOnlyList<ProductLimit> Items, int RateFactor);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/limits", (IEnumerable<ProductLimit> limits, RateLimits rates) => TypedResults.Json(Run(limits, rates), JsonRules.Options))
        .WithName(nameof(ListLimits)).Requires(OperationsPermissions.HealthView).Produces<Answer>();

    public static Answer Run(IEnumerable<ProductLimit> limits, RateLimits rates) => new([.. limits], rates.Factor);
}
