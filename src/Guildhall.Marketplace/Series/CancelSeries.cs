using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Series;

/// <summary>One of a series and all that follow are cancelled, each by the terms of a single booking and in a transaction of its own (<see cref="CancelBooking"/>): the preview adds up what each
/// gives back. Asked again it goes on where it stopped.</summary>
public static class CancelSeries
{
    /// <param name="From">The number of the first one to cancel.</param>
    /// <param name="SeenRefundMinor">The sum that was shown, in minor units: when given, anything else is refused with the present one.</param>
    public sealed record Body(int From, string? Reason = null, long? SeenRefundMinor = null);

    public sealed record Line(int No, BookingId Booking, CancellationTerms Terms);

    /// <param name="Items">Those that can be cancelled.</param>
    /// <param name="Refund">What comes back in all.</param>
    public sealed record Preview(int From, IReadOnlyList<Line> Items, Amount Refund);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/series/{id}/cancellation", async (SeriesId id, Caller caller, Database database, CancellationToken stop, int from = 1) => (await Read(database, caller, id, from, stop)).ToHttp())
            .WithName("ReadSeriesCancellation").RequiresSignIn().Produces<Preview>();
        api.MapPost("/series/{id}/actions/cancel", async (SeriesId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
            .WithName(nameof(CancelSeries)).RequiresSignIn().Idempotent().Produces<ReadSeries.View>();
    }

    public static async Task<Result<Preview>> Read(Database database, Caller caller, SeriesId id, int from, CancellationToken stop)
    {
        if (!(await ReadSeries.Run(database, caller, id, stop)).Is(out var series, out var refusal)) return refusal;
        if (series.Bookings[0].Role == BookingRole.Staff) return MarketplaceRefusals.SeriesNotFound;
        var lines = new List<Line>();
        foreach (var booking in series.Bookings.Where(b => b.Series!.No >= from && b.State is (BookingState.Held or BookingState.Confirmed)))
            if ((await ReadCancellation.Run(database, caller, booking.Id, stop)).Is(out var terms, out _)) lines.Add(new Line(booking.Series!.No, booking.Id, terms));
        return new Preview(from, lines, lines.Aggregate(Amount.Zero(series.Bookings[0].Price.Currency), (sum, line) => sum + line.Terms.Refund));
    }

    public static async Task<Result<ReadSeries.View>> Run(Database database, Caller caller, SeriesId id, Body body, CancellationToken stop)
    {
        if (!(await Read(database, caller, id, body.From, stop)).Is(out var preview, out var refusal)) return refusal;
        var before = await GivenBack(database, caller, id, stop);
        if (preview.Items.Count == 0 && before is null) return MarketplaceRefusals.SeriesEnded;
        if (preview.Items.Count > 0 && body.SeenRefundMinor is { } seen && seen != preview.Refund.Minor + (before ?? 0)) return MarketplaceRefusals.CancellationTermsChanged.With(("terms", preview));
        foreach (var line in preview.Items)
        {
            var done = await CancelBooking.Run(database, caller, line.Booking, new CancelBooking.Body(body.Reason, line.Terms.Refund.Minor), stop);
            // One that ended by itself meanwhile is what was wanted.
            if (done.Refusal is { } no && no.Code != MarketplaceRefusals.BookingNotCancellable.Code) return no;
        }
        return await ReadSeries.Run(database, caller, id, stop);
    }

    // What this very request gave back before it was cut off; null when it had cancelled nothing.
    private static async Task<long?> GivenBack(Database database, Caller caller, SeriesId id, CancellationToken stop) => caller.OperationId is { } operation
        ? await database.Find<long?>("select sum(coalesce(refund_minor, 0))::bigint from marketplace.bookings where series_id = @id and cancel_operation = @operation", new { id, operation }, stop) : null;
}
