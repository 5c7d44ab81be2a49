using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Chat;
using Guildhall.Marketplace.Packages;
using Guildhall.Marketplace.Waiting;
using Guildhall.Messaging.Inbox;
using Guildhall.Money.Invoices;
using Guildhall.Money.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Overview;

/// <summary>Everything that the caller has here as a customer, in as many queries whether that is little or much. Money and Messaging are asked by their own doors.</summary>
public static class ReadOverview
{
    /// <param name="Coming">What is held or paid and not over, the soonest first, at most 50; requests that await the provider's yes are not among them.</param>
    /// <param name="More">There are more than these; <see cref="ListBookings"/> has all of them.</param>
    /// <param name="Requests">Where the provider's yes is awaited, until <c>HoldUntil</c>.</param>
    /// <param name="Series">With bookings to come; each of these is among the coming ones too.</param>
    /// <param name="Packages">That sessions can be booked with, or that can be paid.</param>
    /// <param name="Unread">Chats with messages that were not read; <c>UnreadNotices</c> counts the inbox.</param>
    /// <param name="Since">From when <c>LastYear</c> counts: a year ago.</param>
    /// <param name="Past">The last six that took place, or were paid and cancelled.</param>
    public sealed record View(IReadOnlyList<ComingBooking> Coming, bool More, IReadOnlyList<BookingView> Requests, IReadOnlyList<SeriesToCome> Series, IReadOnlyList<WaitView> Waiting,
        IReadOnlyList<PackageSaleView> Packages, ReadOwnPapers.View Papers, IReadOnlyList<UnreadChat> Unread, long UnreadNotices, DateTimeOffset Since, IReadOnlyList<ReadSpending.Sum> LastYear,
        IReadOnlyList<PastBooking> Past);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/me/overview", async (Caller caller, Database database, MasterKey key, CancellationToken stop) => Results.Json(await Run(database, key, caller, stop), JsonRules.Options))
        .WithName(nameof(ReadOverview)).RequiresSignIn().Produces<View>();

    /// <param name="caller">Somebody who is signed in.</param>
    public static async Task<View> Run(Database database, MasterKey key, Caller caller, CancellationToken stop)
    {
        var (me, now) = (caller.AccountId!.Value, database.Clock.GetUtcNow());
        var open = await ComingBookings.Rows(database, me, stop);
        var past = await PastBookings.Rows(database, me, stop);
        // One that is completed between the two reads stands in both.
        var shown = (await BookingViews.Show(database, caller, [.. open.Concat(past).DistinctBy(b => b.Id)], stop)).ToDictionary(b => b.Id);
        var unread = await UnreadChats.Of(database, me, stop);
        var coming = open.Where(b => !b.AwaitsApproval).Take(ComingBookings.Most).ToArray();
        return new View(
            await ComingBookings.Show(database, caller, coming, shown, unread.ToDictionary(c => c.BookingId, c => c.Unread), stop), open.Count > ComingBookings.Most,
            [.. open.Where(b => b.AwaitsApproval).Select(b => shown[b.Id])], await SeriesToCome.Of(database, me, stop), await ListWaits.Own(database, caller, stop),
            await ReadPackageSales.Usable(database, caller, stop), await ReadOwnPapers.Run(database, key, caller, stop), unread, await ReadInbox.Unread(database, me, stop),
            now.AddYears(-1), await ReadSpending.Run(database, me, now.AddYears(-1), stop), await PastBookings.Show(database, past, shown, stop));
    }
}
