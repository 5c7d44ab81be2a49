using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Identity.Accounts;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Tells customer and provider that a booking was cancelled, by whom, and what comes back.</summary>
internal sealed record TellOfCancellation(BookingId Booking) : IJob
{
    public static string Kind => "tell_of_cancellation";

    public static async Task Run(Transaction tx, TellOfCancellation job)
    {
        if (await BookingRows.Find(tx, job.Booking) is not { State: BookingState.Cancelled } booking) return;
        var creditBack = booking.PackageSaleId is not null && !await tx.Get<bool>(IsSpent, job);
        foreach (var id in new[] { booking.CustomerId, booking.ProviderAccountId })
        {
            var person = await Accounts.Summary(tx, id);
            await Notify.Person(tx, id, "booking_cancelled", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["service"] = booking.ServiceName, ["when"] = Say.When(booking.StartsAt, person.Zone),
                ["reason"] = Reason(booking, creditBack, person.Language == "ar"), ["link"] = $"/bookings/{booking.Id}",
            }, uniqueKey: booking.Id.ToString());
        }
    }

    // Words of the product in the reader's language, those that somebody typed as they are.
    private static string Reason(Booking booking, bool creditBack, bool arabic)
    {
        string T(string english, string inArabic) => arabic ? inArabic : english;
        var who = booking.CancelledBy switch
        {
            CancelledBy.Customer => T("The customer cancelled.", "ألغاه العميل."),
            CancelledBy.Provider => T("The provider cancelled.", "ألغاه مقدّم الخدمة."),
            CancelledBy.CustomerAbsent => T("The customer did not come.", "لم يحضر العميل."),
            CancelledBy.ProviderAbsent => T("The provider did not come.", "لم يحضر مقدّم الخدمة."),
            CancelledBy.Refund when booking.PackageSaleId is not null => T("The money of the package went back.", "أُعيد مال الباقة."),
            CancelledBy.Refund => T("The payment was refunded in full.", "أُعيد المبلغ كاملًا."),
            null => "",
        };
        var typed = booking.CancelledBy == CancelledBy.Refund ? null : booking.CancelReason;
        var back = booking switch
        {
            { Refunded.IsPositive: true } => T($"{booking.Refunded} goes back to the customer.", $"يُعاد {booking.Refunded} إلى العميل."),
            { PackageSaleId: not null, CancelledBy: CancelledBy.Refund } => "",
            _ when creditBack => T("The session can be booked again with the package.", "يمكن حجز الجلسة من جديد بالباقة."),
            _ => T("Nothing is refunded.", "لا يُرد شيء."),
        };
        return string.Join(' ', new[] { who, typed, back }.Where(part => !string.IsNullOrEmpty(part)));
    }

    private const string IsSpent = "select exists (select 1 from marketplace.package_credits where booking_id = @Booking and state = 'spent')";
}
