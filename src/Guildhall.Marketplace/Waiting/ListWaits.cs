using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Waiting;

/// <summary>What the caller waits for, and for a provider how many wait for what.</summary>
public static class ListWaits
{
    /// <param name="Items">Those whose days are not over.</param>
    /// <param name="OfMine">Of a provider's services those that somebody waits for; nobody is named.</param>
    public sealed record View(IReadOnlyList<WaitView> Items, IReadOnlyList<Queue> OfMine);

    public sealed record Queue(ServiceId Service, string ServiceName, DateOnly From, DateOnly Until, long People);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/waiting", async (Caller caller, Database database, CancellationToken stop) => TypedResults.Ok(await Run(database, caller, stop)))
        .WithName(nameof(ListWaits)).RequiresSignIn().Produces<View>();

    public static async Task<View> Run(Database database, Caller caller, CancellationToken stop)
    {
        var args = new { customer = caller.AccountId, now = database.Clock.GetUtcNow() };
        return new View(await Own(database, caller, stop), await database.List<Queue>(SelectQueues, args, stop));
    }

    /// <summary>What the caller waits for.</summary>
    internal static Task<IReadOnlyList<WaitView>> Own(Database database, Caller caller, CancellationToken stop) =>
        database.List<WaitView>(SelectOwn, new { customer = caller.AccountId, now = database.Clock.GetUtcNow() }, stop);

    private const string SelectOwn = WaitRows.Select + " where w.customer_id = @customer and w.until_at > @now order by w.from_date, w.id limit 100";

    private const string SelectQueues = """
        select w.service_id as service, s.name as service_name, min(w.from_date) as "from", max(w.until_date) as until, count(distinct w.customer_id) as people
        from marketplace.waits w join marketplace.services s on s.id = w.service_id join marketplace.providers p on p.id = s.provider_id
        where p.account_id = @customer and w.until_at > @now group by w.service_id, s.name order by s.name limit 200
        """;
}
