using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Visits;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Guildhall.Web.Components;
using Guildhall.Web.Components.Data;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>How a booking stands, told from the booking and its money together.</summary>
public enum Situation { AwaitsYes, ToPay, InReview, NotAccepted, PaymentUnderWay, MoneyHeld, AskingProvider, TimeOver, Confirmed, Completed, Cancelled, Expired, SlotGone }

/// <summary>A booking's state in words.</summary>
internal static class BookingWords
{
    private static readonly StateLook TimeIsOver = new(new("Time to pay is over", "انتهى وقت الدفع"), "clock", Tone.Neutral);
    private static readonly StateLook InSession = new(new("In session", "الجلسة جارية"), "clock", Tone.Accent);

    private static readonly StateLook NotPaidYet = new(new("Held, not paid yet", "محجوز ولم يُدفع بعد"), "clock", Tone.Warn);
    private static readonly StateLook AwaitsYes = new(new("Waits for a yes", "بانتظار الموافقة"), "clock", Tone.Warn);

    public static StateLook Look(BookingView booking, DateTimeOffset now) => booking switch
    {
        { State: BookingState.Held } when booking.HoldUntil <= now => TimeIsOver,
        { State: BookingState.Held, Approval: Approval.Asked } => AwaitsYes,
        { State: BookingState.Held, Role: BookingRole.Provider } => NotPaidYet,
        { State: BookingState.Confirmed, StartedAt: not null } => booking.Kind == ServiceKind.Visit ? States.Of("visit", "arrived") : InSession,
        { CancelledBy: CancelledBy.CustomerAbsent or CancelledBy.ProviderAbsent } => States.Of("booking", "no_show"),
        { State: BookingState.Cancelled or BookingState.Expired, Refund.IsPositive: true } when booking.Refund == booking.Price => States.Of("booking", "refunded"),
        _ => States.Of("booking", Names.Of(booking.State)),
    };

    public static Situation Of(BookingView booking, ReadOrder.View order, DateTimeOffset now) => booking.State switch
    {
        BookingState.Confirmed => Situation.Confirmed,
        BookingState.Completed => Situation.Completed,
        BookingState.Cancelled => Situation.Cancelled,
        BookingState.Held when booking.Approval == Approval.Asked && booking.HoldUntil > now => Situation.AwaitsYes,
        BookingState.Expired when order.PaidAt is not null || booking.Refund.IsPositive => Situation.SlotGone,
        BookingState.Held when Live(order) is { State: PaymentState.Authorized or PaymentState.Capturing } => Situation.MoneyHeld,
        _ when Live(order) is { } live => live.RedirectUrl is not null && booking.State == BookingState.Held ? Situation.PaymentUnderWay : Situation.AskingProvider,
        BookingState.Expired => Situation.Expired,
        _ => booking.HoldUntil <= now ? Situation.TimeOver : Situation.ToPay,
    };

    /// <summary>The payment that has not ended, if there is one.</summary>
    public static PaymentView? Live(ReadOrder.View order) =>
        order.Payments.FirstOrDefault(p => p.State is PaymentState.Created or PaymentState.RequiresAction or PaymentState.Authorized or PaymentState.Capturing or PaymentState.Unknown);

    /// <summary>Everything that happened to it, newest first.</summary>
    public static IEnumerable<TimelineEntry> History(BookingView booking, ReadOrder.View order, IReadOnlyList<MoveView> moves, VisitView? visit, Reader reader, DateTimeOffset now)
    {
        string T(string en, string ar) => reader.Language == "ar" ? AmountFormat.InRightToLeft(ar) : en;
        var entries = new List<TimelineEntry> { new(booking.CreatedAt, booking.Approval is null ? T("Time held", "حُجز الموعد مؤقتًا") : T("Asked for", "طُلب الموعد"), booking.CustomerName, null, "calendar") };
        foreach (var payment in order.Payments) entries.AddRange(Payment(payment, T));
        foreach (var refund in order.Refunds) entries.AddRange(Refund(refund, T));
        if (booking.ConfirmedAt is { } confirmed) entries.Add(new(confirmed, T("Booking confirmed, chat opened", "تأكد الحجز وفُتحت المحادثة"), null, null, "check", Tone.Good));
        foreach (var move in moves) entries.AddRange(Move(booking, move, at => TimeText.Exact(at, reader.Zone, reader, now), T));
        if (booking is { Kind: ServiceKind.Consultation, StartedAt: { } started } && started <= (booking.CompletedAt ?? DateTimeOffset.MaxValue))
            entries.Add(new(started, T("Session started", "بدأت الجلسة"), booking.ProviderName, null, "clock", Tone.Accent));
        if (visit is not null) entries.AddRange(visit.Events.Select(e => Happened(booking, e, at => TimeText.Exact(at, reader.Zone, reader, now), T)));
        if (booking.CompletedAt is { } completed) entries.Add(new(completed, T("Completed; the money is in the provider's balance", "اكتمل، والمبلغ في رصيد مقدّم الخدمة"), booking.ProviderName, null, "check", Tone.Good));
        if (booking.CancelledAt is { } cancelled) entries.Add(new(cancelled, T("Cancelled", "أُلغي"), Who(booking, T), booking.CancelReason, "x"));
        if (booking.State == BookingState.Expired) entries.Add(new(booking.HoldUntil, T("The time to pay was over", "انتهى وقت الدفع"), null, null, "clock"));
        return entries.OrderBy(e => e.At).Reverse();
    }

    private static IEnumerable<TimelineEntry> Move(BookingView booking, MoveView move, Func<DateTimeOffset, string> say, Func<string, string, string> t)
    {
        var who = move.MovedBy == MovedBy.Customer ? booking.CustomerName : booking.ProviderName;
        yield return new(move.MovedAt, t($"Moved from {say(move.FromAt)} to {say(move.ToAt)}", $"نُقل من {say(move.FromAt)} إلى {say(move.ToAt)}"), who, move.Reason, "calendar", Tone.Accent);
        if (move.AcceptedAt is { } accepted) yield return new(accepted, t("Agreed to the new time", "وافق على الموعد الجديد"), booking.CustomerName, null, "check", Tone.Good);
    }

    private static TimelineEntry Happened(BookingView booking, VisitEvent e, Func<DateTimeOffset, string> say, Func<string, string, string> t) => e.Kind switch
    {
        VisitEventKind.OnMyWay => new(e.At, t($"On the way, arrives about {say(e.ArrivalAt!.Value)}", $"في الطريق، الوصول نحو {say(e.ArrivalAt!.Value)}"), booking.ProviderName, null, "clock", Tone.Accent),
        VisitEventKind.Arrived => new(e.At, t("Arrived, checked in with the customer's code", "وصل وسجّل وصوله برمز العميل"), booking.ProviderName, null, "pin", Tone.Good),
        VisitEventKind.CodeWrong => new(e.At, t("A wrong check-in code was entered", "أُدخل رمز وصول خاطئ"), booking.ProviderName, null, "alert", Tone.Warn),
        VisitEventKind.CodeRenewed => new(e.At, t("A new check-in code was made", "أُنشئ رمز وصول جديد"), booking.CustomerName, null, "refresh"),
    };

    private static string? Who(BookingView booking, Func<string, string, string> t) => booking.CancelledBy switch
    {
        CancelledBy.Customer => booking.CustomerName,
        CancelledBy.Provider => booking.ProviderName,
        CancelledBy.CustomerAbsent => t("The customer did not come", "لم يحضر العميل"),
        CancelledBy.ProviderAbsent => t("The provider did not come", "لم يحضر مقدّم الخدمة"),
        CancelledBy.Refund => t("Guildhall's staff", "إدارة غيلدهول"),
        null => null,
    };

    private static IEnumerable<TimelineEntry> Payment(PaymentView payment, Func<string, string, string> t)
    {
        yield return new(payment.CreatedAt, t($"Payment started: {payment.Amount.Words()}", $"بدأت الدفعة: {payment.Amount.Words()}"), null, null, "card", Tone.Accent);
        if (payment.CapturedAt is { } paid) yield return new(paid, t($"Paid: {payment.Amount.Words()}", $"دُفع: {payment.Amount.Words()}"), null, t("Held by us until the work is done.", "نحتفظ به حتى إتمام العمل."), "shield", Tone.Good);
        else if (payment is { State: PaymentState.Authorized or PaymentState.Capturing, AuthorizedUntil: { } until })
            yield return new(payment.CreatedAt, t($"Reserved on the card, not charged: {payment.Authorized.Words()}", $"حُجز على البطاقة ولم يُخصم: {payment.Authorized.Words()}"), null,
                t($"At most until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC.", $"حتى {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC على الأكثر."), "shield", Tone.Accent);
        else if (payment.State is PaymentState.Failed) yield return new(payment.CreatedAt, t("Payment refused, nothing charged", "رُفضت الدفعة ولم يُخصم شيء"), null, payment.FailureText, "alert", Tone.Bad);
        else if (payment.State is PaymentState.Cancelled or PaymentState.Expired) yield return new(payment.CreatedAt, t("Payment given up, nothing charged", "تُركت الدفعة ولم يُخصم شيء"), null, null, "x");
    }

    private static IEnumerable<TimelineEntry> Refund(RefundView refund, Func<string, string, string> t)
    {
        yield return new(refund.InitiatedAt, t($"Refund started: {refund.Amount.Words()}", $"بدأ رد المبلغ: {refund.Amount.Words()}"), null, null, "undo", Tone.Accent);
        if (refund.State is Money.Refunds.RefundState.Failed)
            yield return new(refund.InitiatedAt, t($"This refund failed: {refund.Amount.Words()}", $"تعذّر رد المبلغ: {refund.Amount.Words()}"), null, t("The money is still with us.", "المال لا يزال لدينا."), "alert", Tone.Bad);
        if (refund.CompletedAt is { } done) yield return new(done, t($"Refunded to the card: {refund.Amount.Words()}", $"رُدّ إلى البطاقة: {refund.Amount.Words()}"), null, null, "check", Tone.Good);
    }
}
