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

/// <summary>Holds a slot while the customer pays, and places the order for it, in one transaction. Price, provider and fee are the server's. Where the provider says yes first
/// (<see cref="DecideRequest"/>) it is held until the provider's time to answer is over, and the order cannot be paid before.</summary>
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

    public static Task<Result<BookingView>> Run(Database database, Caller caller, Body body, CancellationToken stop) => Book(database, caller, body, package: null, stop);

    /// <summary>With a package, a credit of it pays: the booking is confirmed in the transaction that takes the credit.</summary>
    internal static async Task<Result<BookingView>> Book(Database database, Caller caller, Body body, PackageSaleId? package, CancellationToken stop)
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
        var busyUntil = startsAt.AddMinutes(service.Minutes + service.BufferMinutes);
        PackageSale? bought = null;
        if (package is { } paid && (bought = await PackageSales.Lock(tx, paid)) is null) return MarketplaceRefusals.PackageSaleNotFound; // order and sale before everything else
        await Claims.Lock(tx, service.Claimed, PersonBlocks.Holder(customer));

        if (await BookingRows.Find(tx, id) is { } before) return before.Id;
        if (await PersonBlocks.Between(tx, customer, service.ProviderAccountId)) return MarketplaceRefusals.PeopleBlocked;
        PackageCredit? credit = null;
        if (bought is not null && !(await PackageCredits.Choose(tx, caller, bought, service, startsAt)).Is(out credit, out var unusable)) return unusable;
        await Claims.ReleaseExpired(tx, service.Claimed, startsAt, busyUntil);
        if (!await Claims.AreFree(tx, service.Claimed, startsAt, busyUntil)) return MarketplaceRefusals.SlotUnavailable;
        if (!await FreeSlots.Offers(tx, service, start)) return MarketplaceRefusals.SlotNotOffered;
        var time = TimeSpan.FromMinutes(1);
        if (credit is null && !(await HoldLimits.Ask(tx, customer, service.ProviderId)).Is(out time, out var refusal)) return refusal;

        var sale = new Sale(id, startsAt, note, tx.Now + time, Package: package, Credit: credit);
        if (sale.AsksApproval(service)) sale = sale with { HoldUntil = await RequestTimes.AnswerBy(tx, startsAt) };
        if (!await Sell(tx, caller, service, sale)) return MarketplaceRefusals.SlotUnavailable;
        if (sale.AsksApproval(service)) await RequestTimes.Ask(tx, service, id, startsAt, sale.HoldUntil);
        return id;
    }

    /// <summary>One sale of a slot: alone, as one of a series, or by a credit of a package.</summary>
    internal sealed record Sale(BookingId Id, DateTimeOffset StartsAt, string? Note, DateTimeOffset HoldUntil, SeriesId? Series = null, int? No = null, PackageSaleId? Package = null, PackageCredit? Credit = null)
    {
        /// <summary>The provider sold the package: its sessions need no other yes.</summary>
        public bool AsksApproval(Service service) => service.AsksApproval && Credit is null;
    }

    /// <summary>Places the order, writes the booking, takes the claims; false when the time is somebody else's. The locks of the claims and of the customer are held.</summary>
    internal static async Task<bool> Sell(Transaction tx, Caller caller, Service service, Sale sale)
    {
        var (customer, endsAt, asks) = (caller.AccountId!.Value, sale.StartsAt.AddMinutes(service.Minutes), sale.AsksApproval(service));
        var busyUntil = endsAt.AddMinutes(service.BufferMinutes);
        var price = sale.Credit?.Amount ?? service.Price;
        var onlyHeld = (await tx.Setting(MarketplaceSettings.HoldMoneyCurrencies)).Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(service.Currency.Code, StringComparer.Ordinal);
        var order = await PlaceOrder.Run(tx, caller, new NewOrder(customer, service.ProviderAccountId, Purpose, sale.Id.Value,
            [new OrderLine(service.Name, sale.Credit is null ? price : Amount.Zero(price.Currency))], sale.HoldUntil, Names.Of(service.Kind),
            CaptureLater: onlyHeld && sale.Credit is null, AwaitsApproval: asks, Country: Zones.CountryOf(service.ProviderZone),
            GivesPartsBack: service.MinuteMinor is not null && sale.Credit is null));
        await tx.ChangeOne(Insert, new
        {
            sale.Id, customer, service.ProviderId, service.ProviderAccountId, serviceId = service.Id, serviceName = service.Name, kind = service.Kind, sale.StartsAt, endsAt, busyUntil,
            zone = service.ProviderZone, wallTime = Zones.WallText(sale.StartsAt, service.ProviderZone), price = price.Minor, currency = price.Currency,
            order, sale.HoldUntil, now = tx.Now, policy = (await PolicyRows.InForce(tx, service.Id)).Id, sale.Note, service.Resources, minuteMinor = sale.Credit is null ? service.MinuteMinor : null,
            approval = asks ? Approval.Asked : (Approval?)null, sale.Series, sale.No, sale.Package,
        });
        if (!await Claims.Take(tx, sale.Id, service.Claimed, sale.StartsAt, busyUntil, sale.HoldUntil)) return false;
        await tx.Audit(caller, "booking.held", "booking", sale.Id.ToString(), after: new { service = service.Id, sale.StartsAt, price, order, sale.HoldUntil, sale.Series, sale.Package });
        if (sale.Credit is null) return true;
        await PackageCredits.Claim(tx, sale.Credit, sale.Id);
        await PayFreeOrder.Now(tx, order);
        return true;
    }

    private const string Insert = """
        insert into marketplace.bookings (id, customer_id, provider_id, provider_account_id, service_id, service_name, kind, state, starts_at, ends_at, busy_until,
            zone, wall_time, price_minor, currency, order_id, hold_until, created_at, policy_id, note, resources, approval, series_id, series_no, package_sale_id, minute_minor)
        values (@Id, @customer, @ProviderId, @ProviderAccountId, @serviceId, @serviceName, @kind, 'held', @StartsAt, @endsAt, @busyUntil,
            @zone, @wallTime::timestamp, @price, @currency, @order, @HoldUntil, @now, @policy, @Note, @Resources, @approval, @Series, @No, @Package, @minuteMinor)
        """;
}
