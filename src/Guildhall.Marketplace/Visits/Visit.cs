using System.Globalization;
using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Marketplace.Visits;

/// <summary>planned → on my way → arrived → done, beside the states of the booking; ended when the booking is neither paid nor completed any more.</summary>
public enum VisitState { Planned, OnMyWay, Arrived, Done, Ended }

/// <summary>What happened on a visit. <c>CodeWrong</c>: a code was entered that was not the visit's.</summary>
public enum VisitEventKind { OnMyWay, CodeWrong, CodeRenewed, Arrived }

/// <summary>Evidence: never changed. <c>ArrivalAt</c>: when the technician said they would be there.</summary>
public sealed record VisitEvent(VisitEventKind Kind, DateTimeOffset At, Guid ById, DateTimeOffset? ArrivalAt);

/// <summary>Where to, as the customer wrote it.</summary>
/// <param name="Text">5 to 300 characters.</param>
/// <param name="Door">Notes for the door, at most 300 characters.</param>
/// <param name="Latitude">Degrees; both or neither.</param>
public sealed record VisitAddress(string Text, string? Door = null, double? Latitude = null, double? Longitude = null);

/// <summary>A visit as the reader may see it.</summary>
/// <param name="Address">The customer sees it always; the provider while the booking is paid, and for two weeks after its end; staff never.</param>
/// <param name="HasAddress">Whether there is one, also for who may not see it.</param>
/// <param name="Code">The check-in code, for the customer alone, of a paid visit until the technician arrived.</param>
/// <param name="TriesLeft">How many codes may still be entered; 0: locked until the customer makes another.</param>
/// <param name="ActsFrom">From when the provider may say that they are on their way, and check in.</param>
public sealed record VisitView(BookingId BookingId, VisitState State, VisitAddress? Address, bool HasAddress, DateTimeOffset? AddressAt, DateTimeOffset? OnMyWayAt, DateTimeOffset? ArrivalAt,
    DateTimeOffset? ArrivedAt, string? Code, int TriesLeft, DateTimeOffset ActsFrom, IReadOnlyList<VisitEvent> Events)
{
    internal Travel.MapPlace? Point => Address is { Latitude: { } latitude, Longitude: { } longitude } ? new Travel.MapPlace(latitude, longitude) : null;
}

internal sealed record Visit(BookingId BookingId, byte[]? Address, DateTimeOffset? AddressAt, DateTimeOffset? LeavesFor, DateTimeOffset? OnMyWayAt, DateTimeOffset? ArrivalAt, DateTimeOffset? ArrivedAt,
    int CodeRound, int CodeTries)
{
    public const int MaxTries = 5, MaxRounds = 10;

    public int TriesLeft => MaxTries - CodeTries;
}

/// <summary>Finding and changing visits; whoever changes one holds the booking's row.</summary>
internal static class VisitRows
{
    /// <summary>How long before the start the provider may be on the way, and arrive.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromHours(2);

    public const string Select = "select v.booking_id, v.address, v.address_at, v.leaves_for, v.on_my_way_at, v.arrival_at, v.arrived_at, v.code_round, v.code_tries from marketplace.visits v";

    public static Visit None(BookingId booking) => new(booking, null, null, null, null, null, null, 1, 0);

    /// <summary>The row of the booking, made when there is none yet.</summary>
    public static async Task<Visit> Get(Transaction tx, BookingId booking)
    {
        await tx.Change("insert into marketplace.visits (booking_id) values (@booking) on conflict do nothing", new { booking });
        return await tx.Get<Visit>(Select + " where v.booking_id = @booking", new { booking });
    }

    public static Task Happened(Transaction tx, Caller caller, BookingId booking, VisitEventKind kind, DateTimeOffset? arrivalAt = null) => tx.ChangeOne(AddEvent, new
    {
        id = caller.OperationId is { } operation ? new VisitEventId(operation) : tx.NewId<VisitEventId>(), booking, kind, now = tx.Now, by = caller.AccountId!.Value, arrivalAt,
    });

    /// <summary>Whether this very request has done it already, and its answer was lost. The booking is locked.</summary>
    public static async Task<bool> WasDone(Transaction tx, Caller caller) =>
        caller.OperationId is { } operation && await tx.Get<bool>("select exists (select 1 from marketplace.visit_events where id = @operation)", new { operation });

    private const string AddEvent = "insert into marketplace.visit_events (id, booking_id, kind, at, by_id, arrival_at) values (@id, @booking, @kind, @now, @by, @arrivalAt)";
}

/// <summary>The code that the customer says at the door: six digits that nobody can work out without the installation's key, and that stand in no table.</summary>
internal static class VisitCode
{
    private const int Digits = 6;

    public static string Of(BookingId booking, int round) =>
        (BitConverter.ToUInt64(PersonKeys.Blind("visit-code", string.Create(CultureInfo.InvariantCulture, $"{booking}:{round}"))) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>Six digits of any script, with or without spaces, as ours; null when it is none.</summary>
    public static string? Read(string? typed)
    {
        var digits = (typed ?? "").Where(c => !char.IsWhiteSpace(c)).Take(Digits + 1).Select(c => CharUnicodeInfo.GetDecimalDigitValue(c)).ToList();
        return digits.Count == Digits && digits.TrueForAll(d => d >= 0) ? string.Concat(digits.Select(d => (char)('0' + d))) : null;
    }
}

internal static class VisitViews
{
    private static readonly TimeSpan SeenAfterwards = TimeSpan.FromDays(14);

    /// <summary>The visits of these bookings as the caller sees them, in their order.</summary>
    public static async Task<IReadOnlyList<VisitView>> Show(Database database, Caller caller, IReadOnlyList<Booking> bookings, CancellationToken stop)
    {
        var ids = bookings.Select(b => b.Id.Value).ToArray();
        var rows = (await database.List<Visit>(VisitRows.Select + " where v.booking_id = any(@ids)", new { ids }, stop)).ToDictionary(v => v.BookingId);
        var open = await PersonKeys.Opener(database, bookings.Where(b => rows.ContainsKey(b.Id)).Select(b => b.CustomerId), stop);
        return [.. bookings.Select(b => View(database, caller, b, rows.GetValueOrDefault(b.Id) ?? VisitRows.None(b.Id), open))];
    }

    private static VisitView View(Database database, Caller caller, Booking booking, Visit visit, Func<Guid?, byte[]?, JsonElement?> open)
    {
        var mine = caller.Is(booking.CustomerId);
        var seen = mine || caller.Is(booking.ProviderAccountId) && (booking.State == BookingState.Confirmed
            || booking.State == BookingState.Completed && database.Clock.GetUtcNow() < booking.CompletedAt + SeenAfterwards);
        var (state, onItsWay) = (StateOf(booking, visit), visit.LeavesFor == booking.StartsAt);
        return new VisitView(booking.Id, state, seen ? open(booking.CustomerId, visit.Address)?.Deserialize<VisitAddress>(JsonRules.Options) : null, visit.Address is not null, visit.AddressAt,
            onItsWay ? visit.OnMyWayAt : null, onItsWay ? visit.ArrivalAt : null, visit.ArrivedAt,
            mine && booking.State == BookingState.Confirmed && visit.ArrivedAt is null ? VisitCode.Of(booking.Id, visit.CodeRound) : null, visit.TriesLeft, booking.StartsAt - VisitRows.Early, []);
    }

    // Who was on the way to a time that was moved since is on the way no more.
    private static VisitState StateOf(Booking booking, Visit visit) => booking.State switch
    {
        BookingState.Completed => VisitState.Done,
        BookingState.Held => VisitState.Planned,
        BookingState.Confirmed => visit.ArrivedAt is not null ? VisitState.Arrived : visit.LeavesFor == booking.StartsAt ? VisitState.OnMyWay : VisitState.Planned,
        _ => VisitState.Ended,
    };
}
