using Guildhall.Foundation.Data;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Bookings;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Absences;

/// <summary>Tells people how a report stands.</summary>
internal static class TellOfAbsence
{
    /// <summary>The other side, who may disagree.</summary>
    public static Task Reported(Transaction tx, Booking booking, AbsenceView report) =>
        Tell(tx, booking, report, report.ReportedBy == AbsenceReporter.Provider ? booking.CustomerId : booking.ProviderAccountId, "absence_reported");

    /// <summary>Both sides, and the staff who decide.</summary>
    public static async Task Contested(Transaction tx, Booking booking, AbsenceView report)
    {
        foreach (var side in new[] { booking.CustomerId, booking.ProviderAccountId }) await Tell(tx, booking, report, side, "absence_contested");
        foreach (var staff in await Accounts.Holding(tx, MarketplacePermissions.AbsenceDecide))
            await Notify.Person(tx, staff.Id, "absence_contested_staff", new Dictionary<string, string>(StringComparer.Ordinal) { ["service"] = booking.ServiceName, ["link"] = $"/console/absences/{report.Id}" },
                uniqueKey: report.Id.ToString());
    }

    /// <summary>Both sides, of a decision that ends no booking; one that does is told like every cancellation.</summary>
    public static async Task Settled(Transaction tx, Booking booking, AbsenceView report, AbsenceOutcome outcome)
    {
        var template = outcome is AbsenceOutcome.ProviderAbsent or AbsenceOutcome.NobodyCame ? "absence_settled_back" : "absence_settled_kept";
        foreach (var side in new[] { booking.CustomerId, booking.ProviderAccountId }) await Tell(tx, booking, report, side, template);
    }

    private static async Task Tell(Transaction tx, Booking booking, AbsenceView report, Guid person, string template)
    {
        var zone = (await Accounts.Summary(tx, person)).Zone;
        await Notify.Person(tx, person, template, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["when"] = Say.When(booking.StartsAt, zone), ["until"] = Say.When(report.AnswerUntil, zone), ["link"] = $"/bookings/{booking.Id}",
        }, uniqueKey: report.Id.ToString());
    }
}
