using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Moderation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Series;

/// <summary>Holds the same hour of the week several times, all of what was chosen or nothing, in one transaction. Each is a booking with an order of its own at today's price. The first is paid
/// like any hold; those that follow are held until some days before their beginning, as long as those before them are paid (<see cref="KeepSeries"/>).</summary>
public static class HoldSeries
{
    private const int MaxNote = 500;

    /// <param name="Start">The first one, as in the preview.</param>
    /// <param name="Only">Which of the preview are wanted, by number, two or more; null: all, or nothing when one of them is not free.</param>
    /// <param name="Note">To the provider, with each of them.</param>
    public sealed record Body(ServiceId ServiceId, string Start, int EveryWeeks, int Count, IReadOnlyList<int>? Only = null, string? Note = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/series", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(HoldSeries)).RequiresSignIn().Idempotent().Produces<ReadSeries.View>(201);

    public static async Task<Result<ReadSeries.View>> Run(Database database, Caller caller, Body body, CancellationToken stop)
    {
        if (await ReadService.Find(database, body.ServiceId, stop) is not { IsOffered: true } service) return MarketplaceRefusals.ServiceNotFound;
        if (service.SeriesMost == 0) return MarketplaceRefusals.NoSeries;
        if (caller.Is(service.ProviderAccountId)) return MarketplaceRefusals.OwnService;
        var note = string.IsNullOrWhiteSpace(body.Note) ? null : body.Note.Trim().ReplaceLineEndings("\n");
        if (note is { Length: > MaxNote } || note?.Any(c => char.IsControl(c) && c is not '\n') == true) return MarketplaceRefusals.RequestNoteInvalid;
        if (!Zones.ParseStart(body.Start, Zones.Get(service.ProviderZone)).Is(out var first, out var refusal)) return refusal;
        if (!Occurrences.Of(first, Zones.Get(service.ProviderZone), body.EveryWeeks, body.Count, service.SeriesMost).Is(out var all, out refusal)) return refusal;
        var wanted = all.Where(o => body.Only is null || body.Only.Contains(o.No)).ToArray();
        if (wanted.Length < 2 || (body.Only is { } only && only.Distinct().Count() != wanted.Length)) return MarketplaceRefusals.SeriesInvalid.With(("atMost", service.SeriesMost));

        var held = await database.InTransaction(tx => Hold(tx, caller, service, body.EveryWeeks, wanted, note), stop);
        if (held.Is(out var id, out refusal)) return await ReadSeries.Run(database, caller, id, stop);
        if (refusal != MarketplaceRefusals.SeriesConflict || !(await PreviewSeries.Of(database, service, first, body.EveryWeeks, body.Count, stop)).Is(out var preview, out _)) return refusal;
        return refusal.With(("preview", preview));
    }

    private static async Task<Result<SeriesId>> Hold(Transaction tx, Caller caller, Service service, int everyWeeks, Occurrence[] wanted, string? note)
    {
        var (id, customer) = (caller.OperationId is { } operation ? new SeriesId(operation) : tx.NewId<SeriesId>(), caller.AccountId!.Value);
        await Claims.Lock(tx, service.Claimed, PersonBlocks.Holder(customer));
        if (await tx.Get<bool>("select exists (select 1 from marketplace.series where id = @id)", new { id })) return id; // done before a crash
        if (await PersonBlocks.Between(tx, customer, service.ProviderAccountId)) return MarketplaceRefusals.PeopleBlocked;
        var length = TimeSpan.FromMinutes(service.Minutes + service.BufferMinutes);
        foreach (var one in wanted)
        {
            if (one.Start is not { } at || !await FreeSlots.Offers(tx, service, at)) return MarketplaceRefusals.SeriesConflict;
            await Claims.ReleaseExpired(tx, service.Claimed, at.ToDateTimeOffset(), at.ToDateTimeOffset() + length);
            if (!await Claims.AreFree(tx, service.Claimed, at.ToDateTimeOffset(), at.ToDateTimeOffset() + length)) return MarketplaceRefusals.SeriesConflict;
        }
        if (!(await HoldLimits.Ask(tx, customer, service.ProviderId, series: true)).Is(out var time, out var refusal)) return refusal;

        var (firstUntil, payDays) = (tx.Now + time, await tx.Setting(MarketplaceSettings.SeriesPayDays));
        await tx.ChangeOne(Insert, new { id, customer, service.ProviderId, service = service.Id, everyWeeks, count = wanted.Length, zone = service.ProviderZone, now = tx.Now });
        for (var no = 1; no <= wanted.Length; no++)
        {
            var startsAt = wanted[no - 1].Start!.Value.ToDateTimeOffset();
            var until = no > 1 && startsAt.AddDays(-payDays) > firstUntil ? startsAt.AddDays(-payDays) : firstUntil;
            var booking = tx.NewId<BookingId>();
            if (!await HoldSlot.Sell(tx, caller, service, new HoldSlot.Sale(booking, startsAt, note, until, id, no))) return MarketplaceRefusals.SeriesConflict;
            if (no > 1) await RemindToPay.Plan(tx, booking, until);
        }
        await tx.Audit(caller, "series.held", "series", id.ToString(), after: new { service = service.Id, count = wanted.Length, everyWeeks });
        return id;
    }

    private const string Insert = """
        insert into marketplace.series (id, customer_id, provider_id, service_id, every_weeks, occurrences, zone, created_at)
        values (@id, @customer, @ProviderId, @service, @everyWeeks, @count, @zone, @now)
        """;
}
