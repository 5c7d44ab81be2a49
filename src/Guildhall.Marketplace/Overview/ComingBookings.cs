using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Calls;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Policies;
using Guildhall.Marketplace.Visits;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Risk;

namespace Guildhall.Marketplace.Overview;

/// <summary>What the customer can do with a booking now. <c>GoOn</c>: with a payment under way. <c>Agree</c>: to another time that the provider chose. <c>SayCode</c>: at the door, to who came.</summary>
public enum BookingAct { Pay, GoOn, Release, Agree, Move, Cancel, Call, Write, GiveAddress, SayCode }

/// <summary>Where a held booking stands with its money. <c>Asking</c>: the payment provider has not answered yet. <c>MoneyHeld</c>: reserved, not charged. The last two: we look at the payment first, or did not accept it.</summary>
public enum PayStanding { ToPay, UnderWay, Asking, MoneyHeld, InReview, NotAccepted }

/// <summary>A booking of the customer that is not over.</summary>
/// <param name="Acts">What can be done with it now; the use case decides again when it is done.</param>
/// <param name="Pay">Null once it is paid.</param>
/// <param name="ResumeUrl">Where to go on with the payment under way.</param>
/// <param name="MoveUntil">Null when the customer cannot move it.</param>
/// <param name="FreeUntil">Until when cancelling gives everything back; null when that is over or never was.</param>
/// <param name="Visit">Of a visit; with the check-in code until somebody checked in.</param>
/// <param name="Unread">Messages in its chat that were not read.</param>
public sealed record ComingBooking(BookingView Booking, IReadOnlyList<BookingAct> Acts, PayStanding? Pay, string? ResumeUrl, DateTimeOffset? MoveUntil, DateTimeOffset? FreeUntil, VisitView? Visit, long Unread);

internal static class ComingBookings
{
    public const int Most = 50;

    private sealed record Moved(BookingId BookingId, long Times);

    /// <summary>One more than are shown. A hold that has run out is none of them, whether or not it has been swept.</summary>
    public static Task<IReadOnlyList<Booking>> Rows(Database database, Guid customer, CancellationToken stop) =>
        database.List<Booking>(RowsSql, new { customer, now = database.Clock.GetUtcNow(), limit = Most + 1 }, stop);

    public static async Task<IReadOnlyList<ComingBooking>> Show(Database database, Caller caller, IReadOnlyList<Booking> rows, IReadOnlyDictionary<BookingId, BookingView> shown,
        IReadOnlyDictionary<BookingId, long> unread, CancellationToken stop)
    {
        var now = database.Clock.GetUtcNow();
        var ids = rows.Select(b => b.Id).ToArray();
        var policies = await PolicyRows.Of(database, [.. rows.Select(b => b.PolicyId).Distinct()], stop);
        var moves = (await database.List<Moved>(MovesSql, new { ids }, stop)).ToDictionary(m => m.BookingId, m => m.Times);
        var orders = await OrderStandings.Of(database, [.. rows.Select(b => b.OrderId)], stop);
        var visits = (await VisitViews.Show(database, caller, [.. rows.Where(b => b.Kind == ServiceKind.Visit)], stop)).ToDictionary(v => v.BookingId);
        return [.. rows.Select(b =>
        {
            var (policy, order, visit) = (policies[b.PolicyId], orders.GetValueOrDefault(b.OrderId), visits.GetValueOrDefault(b.Id));
            var move = MoveTerms.Judge(b, policy, moves.GetValueOrDefault(b.Id), BookingRole.Customer, now);
            var pay = b.State == BookingState.Held ? Standing(order) : (PayStanding?)null;
            var acts = b.State == BookingState.Held ? OfHeld(b, pay, visit) : OfPaid(b, move, visit, now);
            return new ComingBooking(shown[b.Id], [.. acts], pay, pay == PayStanding.UnderWay ? order!.ResumeUrl : null, move.WhyNot is null ? move.Until : null,
                b.State == BookingState.Confirmed && CancellationTerms.FreeUntilOf(b, policy) is { } free && free > now ? free : null, visit, unread.GetValueOrDefault(b.Id));
        })];
    }

    private static PayStanding Standing(OrderStanding? order) => order switch
    {
        { Live: PaymentState.Authorized or PaymentState.Capturing } => PayStanding.MoneyHeld,
        { Live: not null, ResumeUrl: not null } => PayStanding.UnderWay,
        { Live: not null } => PayStanding.Asking,
        { Review: RiskReviewState.Waiting } => PayStanding.InReview,
        { Review: RiskReviewState.Rejected } => PayStanding.NotAccepted,
        _ => PayStanding.ToPay,
    };

    private static IEnumerable<BookingAct> OfHeld(Booking booking, PayStanding? pay, VisitView? visit)
    {
        if (pay == PayStanding.ToPay) yield return BookingAct.Pay;
        if (pay == PayStanding.UnderWay) yield return BookingAct.GoOn;
        if (visit is { HasAddress: false }) yield return BookingAct.GiveAddress;
        if (booking.ChatId is not null) yield return BookingAct.Write;
        yield return BookingAct.Release;
    }

    private static IEnumerable<BookingAct> OfPaid(Booking booking, MoveTerms move, VisitView? visit, DateTimeOffset now)
    {
        var (from, until) = CallRoom.Window(booking);
        if (booking.AwaitsAnswer) yield return BookingAct.Agree;
        if (now >= from && now < until) yield return BookingAct.Call;
        if (visit is { HasAddress: false, ArrivedAt: null }) yield return BookingAct.GiveAddress;
        if (visit is { Code: not null }) yield return BookingAct.SayCode;
        if (booking.ChatId is not null) yield return BookingAct.Write;
        if (move.WhyNot is null) yield return BookingAct.Move;
        if (booking.StartedAt is null && now < booking.StartsAt) yield return BookingAct.Cancel;
    }

    private const string RowsSql = BookingRows.Select + """
         where b.customer_id = @customer and (b.state = 'confirmed' or b.state = 'held' and b.hold_until > @now) order by b.starts_at, b.id limit @limit
        """;

    private const string MovesSql = "select m.booking_id, count(*) as times from marketplace.booking_moves m where m.booking_id = any (@ids) and m.moved_by = 'customer' group by m.booking_id limit 50";
}
