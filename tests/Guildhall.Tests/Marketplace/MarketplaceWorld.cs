using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Chat;
using Guildhall.Marketplace.Policies;
using Guildhall.Marketplace.Resources;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Marketplace;

/// <summary>A world with shops: providers who are open day and night and sell one service.</summary>
public class MarketplaceWorld : World
{
    private static int _count;

    /// <summary>A provider with one service and all-day hours.</summary>
    internal async Task<Shop> Shop(int minutes = 60, int bufferMinutes = 15, long priceMinor = 25_000, string currency = "KWD", string zone = "Asia/Kuwait",
        string kind = "consultation", int noticeMinutes = 0)
    {
        var account = await Account("Omar Haddad", zone);
        var (provider, service) = (ProviderId.From(Guid.CreateVersion7()), ServiceId.From(Guid.CreateVersion7()));
        var now = DateTimeOffset.UtcNow;
        await Database.Execute("insert into marketplace.providers values ($1, $2, 'Omar Haddad', 'Adviser', '', 'advisor', $3, '{en}', 'active', $4)", provider.Value, account, zone, now);
        await Database.Execute("insert into marketplace.weekly_hours select $1, d, 0, 1440 from generate_series(1, 7) d", provider.Value);
        await Database.Execute("""
            insert into marketplace.services values ($1, $2, 'Quick legal question', 'One question, one answer.', $3, $4, $5, $6, $7, $8, 60, true, $9)
            """, service.Value, provider.Value, kind, minutes, bufferMinutes, priceMinor, currency, noticeMinutes, now);
        return new Shop(this, CallerOf(account), provider, service);
    }

    /// <summary>Somebody who can book and be written to.</summary>
    internal async Task<Caller> Customer() => CallerOf(await Account("Layla Al-Sayed", "Asia/Kuwait"));

    /// <summary>Somebody known by an id alone: enough to hold a slot, not to be written to.</summary>
    internal static Caller Anybody() => CallerOf(Guid.CreateVersion7());

    internal static Caller CallerOf(Guid account) => new() { Kind = CallerKind.Person, AccountId = account, SessionId = Guid.CreateVersion7() };

    internal static Caller Staff { get; } = CallerOf(Guid.CreateVersion7()) with { Permissions = new HashSet<string>(["*"], StringComparer.Ordinal) };

    /// <summary>The start of an hour, so many days from now.</summary>
    internal DateTimeOffset InDays(int days, int hour = 9) => new(Clock.Now.UtcDateTime.Date.AddDays(days).AddHours(hour), TimeSpan.Zero);

    internal IGateway Stripe => Get<IGateway>();

    /// <summary>Pairs of claims on one resource that overlap: the oracle of every race.</summary>
    internal Task<long> Overlaps() => Database.Count("""
        marketplace.claims a join marketplace.claims b on a.resource = b.resource and a.during && b.during and a.booking_id < b.booking_id
        """);

    private Task<Guid> Account(string name, string zone) => Data().InTransaction(tx =>
        SeedAccounts.Ensure(tx, $"market{Interlocked.Increment(ref _count)}@example.test", name, Person.Password, ["customer"], "en", zone));
}

/// <summary>A provider and what people do with the service sold there.</summary>
internal sealed record Shop(MarketplaceWorld World, Caller Provider, ProviderId Id, ServiceId Service)
{
    public async Task<Result<BookingView>> TriesToHold(Caller customer, DateTimeOffset start, int node = 0, Guid? operation = null) =>
        await HoldSlot.Run(World.Data(node), customer with { OperationId = operation }, new HoldSlot.Body(Service, start.ToString("O")), default);

    public async Task<BookingView> Holds(Caller customer, DateTimeOffset start, int node = 0) => (await TriesToHold(customer, start, node)).OrThrow();

    public async Task<PaymentId> StartsToPay(Caller customer, BookingView booking) =>
        (await StartPayment.Run(World.Data(), World.Get<GatewayBook>(), customer, booking.OrderId, default)).OrThrow().Id;

    /// <summary>The verified news that the payment was captured, as a webhook brings it.</summary>
    public async Task Captured(PaymentId payment, Amount amount, int node = 0) => (await World.Data(node).InTransaction(tx =>
        SettlePayment.Run(tx, Caller.Gateway("stripe"), new PaymentFact(payment, FactState.Captured, amount, "pi_" + payment.Value.ToString("n"))))).OrThrow();

    public async Task<BookingView> Books(Caller customer, DateTimeOffset start)
    {
        var held = await Holds(customer, start);
        await Captured(await StartsToPay(customer, held), held.Price);
        return await Sees(customer, held.Id);
    }

    public async Task<BookingView> Sees(Caller who, BookingId id) => (await ReadBooking.Run(World.Data(1), who, id, default)).OrThrow();

    public async Task<Result<BookingView>> Cancels(Caller who, BookingId id, CancelBooking.Body? body = null, int node = 0) =>
        await CancelBooking.Run(World.Data(node), who, id, body ?? new CancelBooking.Body(), default);

    public async Task<Result<CancellationTerms>> Terms(Caller who, BookingId id) => await ReadCancellation.Run(World.Data(), who, id, default);

    /// <summary>Asks for another time, having seen this booking.</summary>
    public async Task<Result<BookingView>> Moves(Caller who, BookingView seen, DateTimeOffset start, string? reason = null, int node = 0, Guid? operation = null) =>
        await MoveBooking.Run(World.Data(node), who with { OperationId = operation }, seen.Id, new MoveBooking.Body(seen.Revision, start.ToString("O"), reason), default);

    public Task<Result<BookingView>> Agrees(Caller who, BookingView seen) => AcceptMove.Run(World.Data(), who, seen.Id, new AcceptMove.Body(seen.Revision), default);

    /// <summary>Sells by terms of its own from now on: hours and shares in pairs, the last for the time until the start.</summary>
    public async Task<CancellationPolicyView> SellsBy((int Hours, int Percent)[] tiers, int noShow = 0, int moveHours = 24, int maxMoves = 3)
    {
        var seen = (await ListPolicies.Run(World.Data(), Service.ToString(), default)).OrThrow().Versions;
        return (await SetPolicy.Run(World.Data(), MarketplaceWorld.Staff, new SetPolicy.Body(Service, [.. tiers.Select(t => new CancellationTier(t.Hours, t.Percent))], noShow, moveHours, maxMoves,
            seen.Count > 0 ? seen[0].Version : 0, "As agreed."), default)).OrThrow();
    }

    public async Task<ResourceId> Adds(string name) => (await EditResource.Add(World.Data(), Provider, new EditResource.Body(name), default)).OrThrow().Id;

    public async Task Shares(ResourceId resource, Shop with) => (await ShareResource.Share(World.Data(), Provider, resource, new ShareResource.Body(with.Id), default)).OrThrow();

    /// <summary>From now on the service needs these besides its provider.</summary>
    public async Task Needs(params ResourceId[] resources) => (await TriesToNeed(resources)).OrThrow();

    public async Task<Result<SetSaleRules.View>> TriesToNeed(params ResourceId[] resources)
    {
        var seen = (await SetSaleRules.Read(World.Data(), Provider, Service, default)).OrThrow();
        return await SetSaleRules.Run(World.Data(), Provider, Service, new SetSaleRules.Body(resources, seen.Revision), default);
    }

    public Task<Result<BookingView>> Completes(Caller who, BookingId id, int node = 0) => CompleteBooking.Run(World.Data(node), who, id, default);

    public Task<Result<MessageView>> Writes(Caller who, ChatId chat, string text, string? clientId = null, int node = 0) =>
        SendMessage.Run(World.Data(node), World.Get<Guildhall.Foundation.Http.RateLimits>(node), who, chat, new SendMessage.Body(clientId ?? Guid.NewGuid().ToString(), text), default);

    public Task<long> Claims(BookingId id) => World.Database.Count("marketplace.claims where booking_id = $1", id.Value);

    /// <summary>Refunded minor units of an order.</summary>
    public Task<long> Refunds(OrderId order) => World.Database.Value<long>("select coalesce(sum(minor), 0)::bigint from money.refunds where order_id = $1", order.Value);

    /// <summary>What the books hold for the order by capture, refund and release. Told captures are unknown to the sandbox, which refuses their
    /// refunds later on: what follows from that is not counted.</summary>
    public Task<long> Owes(string account, OrderId order) => World.Database.Value<long>("""
        select coalesce(-sum(e.minor), 0)::bigint from money.entries e join money.journals j on j.id = e.journal_id join money.accounts a on a.id = e.account_id
        where j.order_id = $1 and a.kind = $2 and j.kind in ('capture', 'refund', 'release')
        """, order.Value, account);
}
