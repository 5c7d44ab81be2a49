using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Absences;

/// <summary>The report of a booking, and whether the caller may report now that the other side did not come.</summary>
public static class ReadAbsence
{
    /// <param name="Report">Null when nobody has reported anything.</param>
    /// <param name="From">From when a report is taken: a while after the start.</param>
    /// <param name="Until">Until when: a while after the end.</param>
    public sealed record View(AbsenceView? Report, DateTimeOffset From, DateTimeOffset Until, bool MayReport);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id}/absence", async (BookingId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadAbsence)).RequiresSignIn().Produces<View>();

    public static Task<Result<View>> Run(Database database, Caller caller, BookingId id, CancellationToken stop) => database.InTransaction<Result<View>>(async tx =>
    {
        if (await BookingRows.Find(tx, id) is not { } booking || booking.RoleOf(caller) is not { } role) return MarketplaceRefusals.BookingNotFound;
        var (report, (from, until)) = (await AbsenceRows.Of(tx, id), await Window(tx, booking));
        if (role is not BookingRole.Staff) report = report is null ? null : report with { DecidedBy = null }; // which colleague it was is the house's business
        var open = booking.State == BookingState.Confirmed || booking.State == BookingState.Completed && role == BookingRole.Customer;
        var answers = report is { State: AbsenceState.Reported } && !report.IsBy(role);
        return new View(report, from, until, role is not BookingRole.Staff && open && tx.Now >= from && tx.Now <= until && (report is null || answers));
    }, stop);

    /// <summary>When a report is taken.</summary>
    internal static async Task<(DateTimeOffset From, DateTimeOffset Until)> Window(Transaction tx, Booking booking) =>
        (booking.StartsAt.AddMinutes(await tx.Setting(MarketplaceSettings.AbsenceGraceMinutes)), booking.EndsAt.AddHours(await tx.Setting(MarketplaceSettings.AbsenceReportHours)));
}
