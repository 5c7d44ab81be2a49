using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Money;
using Guildhall.Money.Escrow;
using Guildhall.Money.Orders;
using Guildhall.Money.Refunds;

namespace Guildhall.Marketplace.Packages;

/// <summary>A package that was not paid in time: its order is cancelled, which closes an open payment page by a job. When money arrives all the same, the package is active.</summary>
internal sealed record EndUnpaidSale(PackageSaleId Sale) : IJob
{
    public static string Kind => "end_unpaid_sale";

    public static async Task Run(Transaction tx, EndUnpaidSale job)
    {
        if (await PackageSales.Lock(tx, job.Sale) is not { State: PackageSaleState.Placed } sale || await Orders.Lock(tx, sale.OrderId) is not { State: OrderState.Open } order) return;
        if (order.ExpiresAt > tx.Now) throw new RunAgainException(order.ExpiresAt - tx.Now); // somebody looks at its payment first
        (await CancelOrder.Run(tx, Caller.System("marketplace"), sale.OrderId, "The package was not paid in time.")).OrThrow();
    }
}

/// <summary>The time of a package is over: what is unused is settled by the rule of the sale. While a complaint or a dispute holds the money it waits.</summary>
internal sealed record ExpirePackage(PackageSaleId Sale) : IJob
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromHours(6);

    public static string Kind => "expire_package";

    public static async Task Run(Transaction tx, ExpirePackage job)
    {
        if (await PackageSales.Lock(tx, job.Sale) is not { State: PackageSaleState.Active, ClosedAt: null } sale || tx.Now < sale.ValidUntil) return;
        if ((await GiveUpPackage.Close(tx, Caller.System("marketplace"), sale, PackageClosedBy.Expired, PackageVoidReason.Expired)).Refusal is not null) throw new RunAgainException(AskAgain);
    }
}

/// <summary>active → ended once no session is left to book or to hold: what is still in escrow (of credits that were void without a refund) is the provider's.
/// What is to go back and has not, because the gateway has not answered or refused, is not: it waits, and staff see the refund that failed.</summary>
internal sealed record FinishPackage(PackageSaleId Sale) : IJob
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromHours(1);

    public static string Kind => "finish_package";

    public static Task Queue(Transaction tx, PackageSaleId sale) => tx.EnqueueNow(new FinishPackage(sale), uniqueKey: sale.ToString());

    public static async Task Run(Transaction tx, FinishPackage job)
    {
        if (await PackageSales.Lock(tx, job.Sale) is not { State: PackageSaleState.Active } sale) return;
        if (await CoverPackage.UseAgain(tx, sale)) return; // a dispute was won, and this job came before the one that looks at it
        if ((await PackageSales.Credits(tx, sale.Id)).Any(c => c.State is PackageCreditState.Free or PackageCreditState.Booked)) return;
        if (await OpenRefunds.Any(tx, sale.OrderId)) throw new RunAgainException(AskAgain);
        var caller = Caller.System("marketplace");
        await tx.ChangeOne("update marketplace.package_sales set state = 'ended', ended_at = @now where id = @Id and state = 'active'", new { sale.Id, now = tx.Now });
        await tx.Audit(caller, "package.ended", "package_sale", sale.Id.ToString());
        var refusal = (await ReleaseEscrow.Run(tx, caller, sale.OrderId)).Refusal;
        if (refusal is not null && refusal != MoneyRefusals.OrderReleased) throw new RunAgainException(AskAgain);
    }
}

/// <summary>A dispute has come to the books, or has left them: credits never stand for more than lies in escrow, and what a dispute voided can be used again once its money is back.</summary>
internal sealed record CoverPackage(PackageSaleId Sale) : IJob
{
    public static string Kind => "cover_package";

    public static async Task Run(Transaction tx, CoverPackage job)
    {
        if (await PackageSales.Lock(tx, job.Sale) is not { State: PackageSaleState.Active } sale) return;
        if (await UseAgain(tx, sale)) return;
        await WhenPackageMoney.Cover(tx, sale, PackageVoidReason.Dispute);
        await FinishPackage.Queue(tx, sale.Id);
    }

    /// <summary>Frees what a dispute voided once its money is back; false when there is nothing to free. Order and sale are locked.</summary>
    internal static async Task<bool> UseAgain(Transaction tx, PackageSale sale)
    {
        var credits = await PackageSales.Credits(tx, sale.Id);
        var disputed = credits.Where(c => c.VoidReason == PackageVoidReason.Dispute).ToArray();
        var need = WhenPackageMoney.Sum(credits, PackageCreditState.Free) + WhenPackageMoney.Sum(credits, PackageCreditState.Booked) + disputed.Sum(c => c.Minor);
        if (disputed.Length == 0 || sale.ClosedAt is not null || await HoldOrder.IsDisputed(tx, sale.OrderId)) return false;
        if ((await ReleasePart.Left(tx, (await Orders.Lock(tx, sale.OrderId))!)).Minor < need) return false;
        await tx.Change("update marketplace.package_credits set state = 'free', void_reason = null where sale_id = @Id and void_reason = 'dispute'", new { sale.Id });
        await tx.Audit(Caller.System("marketplace"), "package.credits_again", "package_sale", sale.Id.ToString(), after: new { credits = disputed.Length });
        return true;
    }
}

/// <summary>A booked session whose money has gone back or was taken by a dispute ends, as long as what is left does not cover all that are booked.</summary>
internal sealed record EndUncoveredSession(BookingId Booking) : IJob
{
    public static string Kind => "end_uncovered_session";

    public static async Task Run(Transaction tx, EndUncoveredSession job)
    {
        if (await BookingRows.Find(tx, job.Booking) is not { PackageSaleId: { } id } seen) return;
        await BookingRows.LockOrders(tx, seen);
        var sale = (await PackageSales.Lock(tx, id))!;
        var booked = WhenPackageMoney.Sum(await PackageSales.Credits(tx, id), PackageCreditState.Booked);
        if ((await ReleasePart.Left(tx, (await Orders.Lock(tx, sale.OrderId))!)).Minor >= booked) return;
        if (await BookingRows.Lock(tx, job.Booking) is not { State: BookingState.Confirmed } booking) return;
        await tx.ChangeOne("update marketplace.package_credits set state = 'void', void_reason = 'refund', booking_id = null where booking_id = @Booking and state = 'booked'", new { job.Booking });
        await EndBooking.Cancel(tx, Caller.System("marketplace"), booking, CancelledBy.Refund, "The money of the package went back.");
        await FinishPackage.Queue(tx, id);
    }
}
