using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Guildhall.Marketplace.Waiting;

/// <summary>Waits for a time of a service within some days of its provider's calendar. One entry a person, service and span of days: asking again answers the same one.</summary>
public static class JoinWaitlist
{
    private const int MostDays = 31, MostOfPerson = 10, MostAhead = 365;

    /// <param name="From">The first day that would do, not over yet.</param>
    /// <param name="Until">The last one, at most 30 days after it.</param>
    public sealed record Body(DateOnly From, DateOnly Until);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/services/{id}/waiting", async (ServiceId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(JoinWaitlist)).RequiresSignIn().Produces<WaitView>();

    public static async Task<Result<WaitView>> Run(Database database, Caller caller, ServiceId id, Body body, CancellationToken stop)
    {
        if (await ReadService.Find(database, id, stop) is not { IsOffered: true } service) return MarketplaceRefusals.ServiceNotFound;
        if (caller.Is(service.ProviderAccountId)) return MarketplaceRefusals.OwnService;
        var zone = Zones.Get(service.ProviderZone);
        var today = Instant.FromDateTimeOffset(database.Clock.GetUtcNow()).InZone(zone).Date.ToDateOnly();
        if (body.Until < today || body.Until < body.From || body.Until.DayNumber - body.From.DayNumber >= MostDays || body.Until.DayNumber - today.DayNumber > MostAhead) return MarketplaceRefusals.WaitDaysInvalid;
        return await database.InTransaction<Result<WaitView>>(async tx =>
        {
            var customer = caller.AccountId!.Value;
            await tx.Change("select pg_advisory_xact_lock(hashtextextended(@key, 0))", new { key = $"waiter:{customer:n}" });
            if (await tx.Find<WaitView>(WaitRows.Select + " where w.customer_id = @customer and w.service_id = @id and w.from_date = @From and w.until_date = @Until", new { customer, id, body.From, body.Until }) is { } before)
                return before;
            if (await tx.Get<long>("select count(*) from marketplace.waits where customer_id = @customer and until_at > @now", new { customer, now = tx.Now }) >= MostOfPerson)
                return MarketplaceRefusals.TooManyWaits.With(("atMost", MostOfPerson));
            var wait = tx.NewId<WaitId>();
            await tx.ChangeOne(Insert, new { wait, customer, id, body.From, body.Until, fromAt = Midnight(body.From, zone), untilAt = Midnight(body.Until.AddDays(1), zone), now = tx.Now });
            await tx.Audit(caller, "waiting.joined", "service", id.ToString(), after: new { wait, body.From, body.Until });
            return await tx.Get<WaitView>(WaitRows.Select + " where w.id = @wait", new { wait });
        }, stop);
    }

    private static DateTimeOffset Midnight(DateOnly date, DateTimeZone zone) => zone.AtStartOfDay(LocalDate.FromDateOnly(date)).ToDateTimeOffset().ToUniversalTime();

    private const string Insert = """
        insert into marketplace.waits (id, customer_id, service_id, from_date, until_date, from_at, until_at, created_at)
        values (@wait, @customer, @id, @From, @Until, @fromAt, @untilAt, @now)
        """;
}
