using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Policies;
using Guildhall.Money.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Holds a slot while the customer pays, and places the order for it, in one transaction. Price, provider and fee are the server's.</summary>
public static class HoldSlot
{
    internal const string Purpose = "booking";
    private const int MaxNote = 500;

    /// <param name="Start">An instant such as <c>2026-11-21T15:30:00Z</c>; without an offset a wall time of the provider's zone.</param>
    /// <param name="Note">To the provider, at most 500 characters. Until money was captured, they do not see contact details in it.</param>
    public sealed record Body(ServiceId ServiceId, string Start, string? Note = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(HoldSlot)).RequiresSignIn().Idempotent().Produces<BookingView>(201);

    public static async Task<Result<BookingView>> Run(Database database, Caller caller, Body body, CancellationToken stop)
    {
        if (await ReadService.Find(database, body.ServiceId, stop) is not { IsOffered: true } service) return MarketplaceRefusals.ServiceNotFound;
        if (caller.Is(service.ProviderAccountId)) return MarketplaceRefusals.OwnService;
        var note = string.IsNullOrWhiteSpace(body.Note) ? null : body.Note.Trim().ReplaceLineEndings("\n");
        if (note is { Length: > MaxNote } || note?.Any(c => char.IsControl(c) && c is not '\n') == true) return MarketplaceRefusals.RequestNoteInvalid;
        if (!Zones.ParseStart(body.Start, Zones.Get(service.ProviderZone)).Is(out var start, out var refusal)) return refusal;

        var held = await database.InTransaction(tx => Hold(tx, caller, service, start, note), stop);
        if (held.Is(out var id, out refusal)) return await ReadBooking.Run(database, caller, id, stop);
        if (refusal != MarketplaceRefusals.SlotUnavailable && refusal != MarketplaceRefusals.SlotNotOffered) return refusal;
        return refusal.With(("alternatives", await ListSlots.Alternatives(database, service, start, except: null, stop)));
    }

    private static async Task<Result<BookingId>> Hold(Transaction tx, Caller caller, Service service, Instant start, string? note)
    {
        var id = caller.OperationId is { } operation ? new BookingId(operation) : tx.NewId<BookingId>();
        var (customer, startsAt) = (caller.AccountId!.Value, start.ToDateTimeOffset());
        var endsAt = startsAt.AddMinutes(service.Minutes);
        var busyUntil = endsAt.AddMinutes(service.BufferMinutes);
        await Claims.Lock(tx, Claims.Resource(service.ProviderId), $"holder:{customer:n}");

        if (await BookingRows.Find(tx, id) is { } before) return before.Id;
        if (!await FreeSlots.Offers(tx, service, start)) return MarketplaceRefusals.SlotNotOffered;
        await Claims.ReleaseExpired(tx, service.ProviderId, startsAt, busyUntil);
        if (!await Claims.AreFree(tx, service.ProviderId, startsAt, busyUntil)) return MarketplaceRefusals.SlotUnavailable;
        if (!(await HoldLimits.Ask(tx, customer, service.ProviderId)).Is(out var time, out var refusal)) return refusal;

        var holdUntil = tx.Now + time;
        var onlyHeld = (await tx.Setting(MarketplaceSettings.HoldMoneyCurrencies)).Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(service.Currency.Code, StringComparer.Ordinal);
        var order = await PlaceOrder.Run(tx, caller, new NewOrder(customer, service.ProviderAccountId, Purpose, id.Value, [new OrderLine(service.Name, service.Price)], holdUntil, Names.Of(service.Kind),
            CaptureLater: onlyHeld, Country: Zones.CountryOf(service.ProviderZone)));
        await tx.ChangeOne(Insert, new
        {
            id, customer, service.ProviderId, service.ProviderAccountId, serviceId = service.Id, serviceName = service.Name, kind = service.Kind, startsAt, endsAt, busyUntil,
            zone = service.ProviderZone, wallTime = Zones.WallText(startsAt, service.ProviderZone), price = service.PriceMinor, currency = service.Currency,
            order, holdUntil, now = tx.Now, policy = (await PolicyRows.InForce(tx, service.Id)).Id, note,
        });
        if (!await Claims.Take(tx, id, service.ProviderId, startsAt, busyUntil, holdUntil)) return MarketplaceRefusals.SlotUnavailable;
        await tx.Audit(caller, "booking.held", "booking", id.ToString(), after: new { service = service.Id, startsAt, price = service.Price, order, holdUntil });
        return id;
    }

    private const string Insert = """
        insert into marketplace.bookings (id, customer_id, provider_id, provider_account_id, service_id, service_name, kind, state, starts_at, ends_at, busy_until,
            zone, wall_time, price_minor, currency, order_id, hold_until, created_at, policy_id, note)
        values (@id, @customer, @ProviderId, @ProviderAccountId, @serviceId, @serviceName, @kind, 'held', @startsAt, @endsAt, @busyUntil,
            @zone, @wallTime::timestamp, @price, @currency, @order, @holdUntil, @now, @policy, @note)
        """;
}
