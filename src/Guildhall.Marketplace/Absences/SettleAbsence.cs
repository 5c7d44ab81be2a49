using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Packages;
using Guildhall.Marketplace.Policies;
using Guildhall.Money.Orders;
using Guildhall.Money.Refunds;

namespace Guildhall.Marketplace.Absences;

/// <summary>Nobody disagreed in time: what was reported holds. While money is held by a complaint or a dispute it waits.</summary>
internal sealed record SettleAbsence(BookingId Booking) : IJob
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromHours(6);

    public static string Kind => "settle_absence";

    public static async Task Run(Transaction tx, SettleAbsence job)
    {
        if (await BookingRows.Find(tx, job.Booking) is not { } seen) return;
        await BookingRows.LockOrders(tx, seen);
        var booking = (await BookingRows.Lock(tx, job.Booking))!;
        if (await AbsenceRows.Of(tx, job.Booking) is not { State: AbsenceState.Reported } report || tx.Now < report.AnswerUntil) return;
        if ((await As(tx, Caller.System("marketplace"), booking, report, Claimed(report), why: null)).Refusal is not null) throw new RunAgainException(AskAgain);
    }

    public static AbsenceOutcome Claimed(AbsenceView report) => report.ReportedBy == AbsenceReporter.Provider ? AbsenceOutcome.CustomerAbsent : AbsenceOutcome.ProviderAbsent;

    /// <summary>Settles an open report with what it means in money, by the terms frozen on the booking. Order and booking are locked.</summary>
    public static async Task<Result<Done>> As(Transaction tx, Caller caller, Booking booking, AbsenceView report, AbsenceOutcome outcome, string? why)
    {
        await tx.ChangeOne(MarkSettled, new { report.Id, outcome, why, by = why is null ? null : caller.AccountId, now = tx.Now });
        await tx.Audit(caller, "absence.settled", "booking", booking.Id.ToString(), before: new { report.State }, after: new { absence = report.Id, outcome }, why: why);
        if (outcome == AbsenceOutcome.TookPlace || booking.State == BookingState.Completed && outcome == AbsenceOutcome.CustomerAbsent)
        {
            await TellOfAbsence.Settled(tx, booking, report, outcome);
            return default(Done);
        }
        var left = (booking.PackageSaleId is null ? (await Orders.Lock(tx, booking.OrderId))!.Total : booking.Price) - booking.Refunded;
        if (booking.State == BookingState.Completed) return await BackAfterwards(tx, caller, booking, report, left, outcome);
        var percent = outcome == AbsenceOutcome.CustomerAbsent ? await SharedBack(tx, booking) : CancellationPolicy.Everything;
        var back = CancellationTerms.Part(left, percent, await BookingRows.StepOf(tx, booking));
        var by = outcome switch { AbsenceOutcome.CustomerAbsent => CancelledBy.CustomerAbsent, AbsenceOutcome.ProviderAbsent => CancelledBy.ProviderAbsent, _ => CancelledBy.Refund };
        return await EndBooking.WithMoney(tx, caller, booking, back, left - back, by, why, "no_show");
    }

    // Who did not agree to a time that the provider chose is charged nothing for not being there.
    private static async Task<int> SharedBack(Transaction tx, Booking booking) => booking.UnansweredMove ? CancellationPolicy.Everything
        : Math.Min((await PolicyRows.Get(tx, booking.PolicyId)).NoShowPercent, booking.RefundCapPercent ?? CancellationPolicy.Everything);

    // The provider was paid for it: the money comes back from them.
    private static async Task<Result<Done>> BackAfterwards(Transaction tx, Caller caller, Booking booking, AbsenceView report, Amount left, AbsenceOutcome outcome)
    {
        if (booking.PackageSaleId is not null)
        {
            if ((await PackageCredits.TakeBack(tx, caller, booking)).Refusal is { } no) return no;
        }
        else if (left.IsPositive && (await RequestRefund.Run(tx, caller, booking.OrderId, amount: null, "no_show")).Refusal is { } refusal) return refusal;
        await TellOfAbsence.Settled(tx, booking, report, outcome);
        return default(Done);
    }

    private const string MarkSettled = """
        update marketplace.absences set state = 'settled', outcome = @outcome, decided_by = @by, decided_why = @why, ended_at = @now where id = @Id and state in ('reported', 'contested')
        """;
}
