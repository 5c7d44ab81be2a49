using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Marketplace.Visits.Travel;

/// <summary>What Google said goes after ten minutes, everything else after a day; and what is above ten thousand, the oldest first.</summary>
internal sealed record ForgetTravelTimes : IJob
{
    public static string Kind => "forget_travel_times";

    public static async Task Run(Transaction tx, ForgetTravelTimes job)
    {
        await tx.Change("delete from marketplace.travel_times where as_of < @day or source = 'google' and as_of < @moment", new { day = tx.Now.AddDays(-1), moment = tx.Now.AddMinutes(-10) });
        await tx.Change(Above, new { most = 10_000 });
    }

    private const string Above = """
        delete from marketplace.travel_times t using (select way, source from marketplace.travel_times order by as_of desc offset @most limit 10000) old
        where t.way = old.way and t.source = old.source
        """;
}
