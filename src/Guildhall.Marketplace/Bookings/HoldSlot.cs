using System.Collections.Concurrent;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Moderation;
using Guildhall.Marketplace.Packages;
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
        .MapPost("/bookings", async (Body body, Caller caller, Database database, Alternatives others, CancellationToken stop) =>
            (await others.Beside(await Run(database, caller, body, stop), database, body.ServiceId, body.Start)).ToHttp(success: 201))
        .WithName(nameof(HoldSlot)).RequiresSignIn().Idempotent().Produces<BookingView>(201);

    public static Task<Result<BookingView>> Run(Database database, Caller caller, Body body, CancellationToken stop) => Sell(database, caller, body, package: null, stop);

    /// <summary>With a package, a credit of it pays: the booking is confirmed in the transaction that takes the credit.</summary>
    internal static async Task<Result<BookingView>> Sell(Database database, Caller caller, Body body, PackageSaleId? package, CancellationToken stop)
    {
        // A start that needs the provider's zone to be understood is a rare one: it queues in the database.
        if (Zones.Exact(body.Start) is not { } exact) return await Decide(database, caller, body, package, stop);
        var (place, done) = ((database, body.ServiceId, exact), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        do
        {
            if (First.TryGetValue(place, out var first)) await first.WaitAsync(stop);
            if (await Claims.IsTaken(database, body.ServiceId, exact, caller.OperationId, stop)) return MarketplaceRefusals.SlotUnavailable;
        }
        while (!First.TryAdd(place, done.Task));
        try { return await Decide(database, caller, body, package, stop); }
        finally
        {
            First.TryRemove(place, out _);
            done.SetResult();
        }
    }

    // Of all who want one time of this node one goes to the database; the others wait for what becomes of it, and most are then told by one read that they came too
    // late, without a lock. Whose time it is decides the database alone.
    private static readonly ConcurrentDictionary<(Database, ServiceId, Instant), Task> First = new();

    private static async Task<Result<BookingView>> Decide(Database database, Caller caller, Body body, PackageSaleId? package, CancellationToken stop)
    {
        if (await ReadService.Find(database, body.ServiceId, stop) is not { IsOffered: true } service) return MarketplaceRefusals.ServiceNotFound;
        if (caller.Is(service.ProviderAccountId)) return MarketplaceRefusals.OwnService;
        var note = string.IsNullOrWhiteSpace(body.Note) ? null : body.Note.Trim().ReplaceLineEndings("\n");
        if (note is { Length: > MaxNote } || note?.Any(c => char.IsControl(c) && c is not '\n') == true) return MarketplaceRefusals.RequestNoteInvalid;
        if (!Zones.ParseStart(body.Start, Zones.Get(service.ProviderZone)).Is(out var start, out var refusal)) return refusal;

        var held = await database.InTransaction(tx => Hold(tx, caller, service, start, note, package), stop);
        return held.Is(out var id, out refusal) ? await ReadBooking.Run(database, caller, id, stop) : refusal;
    }

    private static async Task<Result<BookingId>> Hold(Transaction tx, Caller caller, Service service, Instant start, string? note, PackageSaleId? package)
    {
        var id = caller.OperationId is { } operation ? new BookingId(operation) : tx.NewId<BookingId>();
        var (customer, startsAt) = (caller.AccountId!.Value, start.ToDateTimeOffset());
        var endsAt = startsAt.AddMinutes(service.Minutes);
        var busyUntil = endsAt.AddMinutes(service.BufferMinutes);
        PackageSale? sale = null;
        if (package is { } paid && (sale = await PackageSales.Lock(tx, paid)) is null) return MarketplaceRefusals.PackageSaleNotFound; // order and sale before everything else
        await Claims.Lock(tx, Claims.Resource(service.ProviderId), PersonBlocks.Holder(customer));

        if (await BookingRows.Find(tx, id) is { } before) return before.Id;
        if (await PersonBlocks.Between(tx, customer, service.ProviderAccountId)) return MarketplaceRefusals.PeopleBlocked;
        PackageCredit? credit = null;
        if (sale is not null && !(await PackageCredits.Choose(tx, caller, sale, service, startsAt)).Is(out credit, out var unusable)) return unusable;
        await Claims.ReleaseExpired(tx, service.ProviderId, startsAt, busyUntil);
        if (!await Claims.AreFree(tx, service.ProviderId, startsAt, busyUntil)) return MarketplaceRefusals.SlotUnavailable;
        if (!await FreeSlots.Offers(tx, service, start)) return MarketplaceRefusals.SlotNotOffered;
        var time = TimeSpan.FromMinutes(1);
        if (credit is null && !(await HoldLimits.Ask(tx, customer, service.ProviderId)).Is(out time, out var refusal)) return refusal;

        var holdUntil = tx.Now + time;
        var price = credit?.Amount ?? service.Price;
        var onlyHeld = (await tx.Setting(MarketplaceSettings.HoldMoneyCurrencies)).Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(service.Currency.Code, StringComparer.Ordinal);
        var order = await PlaceOrder.Run(tx, caller, new NewOrder(customer, service.ProviderAccountId, Purpose, id.Value,
            [new OrderLine(service.Name, credit is null ? price : Amount.Zero(price.Currency))], holdUntil, Names.Of(service.Kind), CaptureLater: onlyHeld && credit is null));
        await tx.ChangeOne(Insert, new
        {
            id, customer, service.ProviderId, service.ProviderAccountId, serviceId = service.Id, serviceName = service.Name, kind = service.Kind, startsAt, endsAt, busyUntil,
            zone = service.ProviderZone, wallTime = Zones.WallText(startsAt, service.ProviderZone), price = price.Minor, currency = price.Currency, package,
            order, holdUntil, now = tx.Now, policy = (await PolicyRows.InForce(tx, service.Id)).Id, note, service.MinuteMinor,
        });
        if (!await Claims.Take(tx, id, service.ProviderId, startsAt, busyUntil, holdUntil)) return MarketplaceRefusals.SlotUnavailable;
        await tx.Audit(caller, "booking.held", "booking", id.ToString(), after: new { service = service.Id, startsAt, price, order, holdUntil, package });
        if (credit is null) return id;
        await PackageCredits.Claim(tx, credit, id);
        await PayFreeOrder.Now(tx, order);
        return id;
    }

    private const string Insert = """
        insert into marketplace.bookings (id, customer_id, provider_id, provider_account_id, service_id, service_name, kind, state, starts_at, ends_at, busy_until,
            zone, wall_time, price_minor, currency, order_id, hold_until, created_at, policy_id, note, package_sale_id, minute_minor)
        values (@id, @customer, @ProviderId, @ProviderAccountId, @serviceId, @serviceName, @kind, 'held', @startsAt, @endsAt, @busyUntil,
            @zone, @wallTime::timestamp, @price, @currency, @order, @holdUntil, @now, @policy, @note, @package, @MinuteMinor)
        """;
}
