using System.Globalization;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Messaging;
using NodaTime;

namespace Guildhall.Marketplace.Waiting;

/// <summary>A time was given up. Who waits for it is told, those who came first first, and all at once: the first to hold it has it. Nobody is told of what is not free when this runs.</summary>
internal sealed record OfferFreed(BookingId Booking, int Revision, Guid[] Claimed, DateTimeOffset From, DateTimeOffset Until) : IJob
{
    private const int MostServices = 50, MostPeople = 200;

    public static string Kind => "offer_freed";

    private sealed record Waiter(WaitId Id, Guid CustomerId, DateTimeOffset FromAt, DateTimeOffset UntilAt);

    public static async Task Run(JobContext job, OfferFreed work)
    {
        var args = new { claimed = work.Claimed, from = work.From, until = work.Until, now = job.Database.Clock.GetUtcNow(), most = MostServices };
        foreach (var service in await job.Database.List<Service>(Services, args, job.Stop))
        {
            if (!service.IsOffered) continue;
            var length = Duration.FromMinutes(service.Minutes + service.BufferMinutes);
            var (from, until) = (Instant.FromDateTimeOffset(work.From), Instant.FromDateTimeOffset(work.Until));
            var free = (await FreeSlots.Find(job.Database, service, from - length, until, except: null, job.Stop)).Where(start => start + length > from).Select(start => start.ToDateTimeOffset()).ToArray();
            if (free.Length > 0) await job.Database.InTransaction(tx => Tell(tx, work, service, free), job.Stop);
        }
    }

    private static async Task Tell(Transaction tx, OfferFreed work, Service service, DateTimeOffset[] free)
    {
        foreach (var waiter in await tx.List<Waiter>(Waiters, new { service = service.Id, now = tx.Now, most = MostPeople }))
        {
            var start = Array.Find(free, at => at >= waiter.FromAt && at < waiter.UntilAt);
            if (start == default) continue;
            await tx.Change("update marketplace.waits set told = told + 1, told_at = @now where id = @Id", new { waiter.Id, now = tx.Now });
            await Notify.Person(tx, waiter.CustomerId, "waiting_time_free", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["service"] = service.Name, ["when"] = Say.When(start, (await Accounts.Summary(tx, waiter.CustomerId)).Zone), ["link"] = Link(service, start),
            }, uniqueKey: $"{waiter.Id}:{work.Booking}:{work.Revision}", usefulUntil: start);
        }
    }

    private static string Link(Service service, DateTimeOffset start)
    {
        var slot = start.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return $"/services/{service.Id}?slot={Uri.EscapeDataString(slot)}&from={slot[..10]}";
    }

    private const string Services = $"""
        {ServiceRows.Select} where exists (select 1 from marketplace.waits w where w.service_id = s.id and {WaitRows.Concerned}) order by s.id limit @most
        """;

    private const string Waiters = """
        select w.id, w.customer_id, w.from_at, w.until_at from marketplace.waits w where w.service_id = @service and w.until_at > @now order by w.created_at, w.id for update of w limit @most
        """;
}

/// <summary>Whoever has what they waited for waits no longer.</summary>
internal static class EndWaiting
{
    public static Task Run(Transaction tx, BookingConfirmed fact) => tx.Change(End, new { fact.Booking, fact.Customer, fact.StartsAt });

    private const string End = """
        delete from marketplace.waits where customer_id = @Customer and from_at <= @StartsAt and until_at > @StartsAt
            and service_id = (select b.service_id from marketplace.bookings b where b.id = @Booking)
        """;
}

/// <summary>Entries whose days are over are deleted.</summary>
internal sealed record ForgetWaits : IJob
{
    public static string Kind => "forget_waits";

    public static Task Run(Transaction tx, ForgetWaits _) => tx.Change("delete from marketplace.waits where until_at <= @now", new { now = tx.Now });
}
