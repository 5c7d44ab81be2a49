using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Marketplace.Bookings;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Series;

/// <summary>One of a series ended. Unpaid ones that follow are kept only while the series is paid for: when one was not paid in time all that follow it are released, and when nothing of it is
/// paid any more all are. Each in a transaction of its own, whoever pays at the same moment decides by the order's lock.</summary>
/// <param name="LapsedNo">The one that was not paid in time; null when one was cancelled.</param>
internal sealed record KeepSeries(SeriesId Series, int? LapsedNo) : IJob
{
    private const string Template = "series_released";

    public static string Kind => "keep_series";

    private sealed record Row(BookingId Id, Guid CustomerId, string ServiceName);

    public static async Task Run(JobContext job, KeepSeries work)
    {
        var released = 0;
        var unpaid = await job.Database.List<Row>(Unpaid, new { work.Series, lapsed = work.LapsedNo }, job.Stop);
        foreach (var one in unpaid)
            if (await job.Database.InTransaction(tx => ExpireHold.End(tx, one.Id, evenBefore: true), job.Stop) is not null) released++;
        if (released > 0) await job.Database.InTransaction(tx => Tell(tx, unpaid[0], work), job.Stop);
    }

    private static Task Tell(Transaction tx, Row one, KeepSeries work) => Notify.Person(tx, one.CustomerId, Template, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["service"] = one.ServiceName, ["link"] = $"/series/{work.Series}",
    }, uniqueKey: $"{work.Series}:{work.LapsedNo}");

    private const string Unpaid = """
        select b.id, b.customer_id, b.service_name from marketplace.bookings b
        where b.series_id = @Series and b.state = 'held'
            and (b.series_no > @lapsed or not exists (select 1 from marketplace.bookings p where p.series_id = @Series and p.state in ('confirmed', 'completed'))
                and not exists (select 1 from marketplace.bookings f where f.series_id = @Series and f.series_no = 1 and f.state = 'held'))
        order by b.series_no desc limit 30
        """;
}
