using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Marketplace.Visits.Weather;

/// <summary>What is too old to be shown goes; and what is above five thousand places, the oldest first.</summary>
internal sealed record ForgetForecasts : IJob
{
    public static string Kind => "forget_forecasts";

    public static async Task Run(Transaction tx, ForgetForecasts job)
    {
        await tx.Change("delete from marketplace.forecasts where as_of < @before", new { before = tx.Now - Forecasts.Stale });
        await tx.Change(Above, new { most = 5_000 });
    }

    private const string Above = """
        delete from marketplace.forecasts f using (select place from marketplace.forecasts order by as_of desc offset @most limit 10000) old where f.place = old.place
        """;
}
