using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Money;
using Guildhall.Money.Escrow;
using Guildhall.Money.Orders;
using Guildhall.Money.Refunds;

namespace Guildhall.Marketplace.Packages;

/// <summary>What becomes of the credits of a sale. Its order and the sale are locked by every caller.</summary>
internal static class PackageCredits
{
    /// <summary>The next free credit for a session that starts then.</summary>
    public static async Task<Result<PackageCredit>> Choose(Transaction tx, Caller caller, PackageSale sale, Service service, DateTimeOffset startsAt)
    {
        if (!caller.Is(sale.CustomerId)) return MarketplaceRefusals.PackageSaleNotFound;
        if (sale.State == PackageSaleState.Placed) return MarketplaceRefusals.PackageNotPaid;
        if (!sale.IsOpen(tx.Now)) return MarketplaceRefusals.PackageClosed;
        if (startsAt > sale.ValidUntil) return MarketplaceRefusals.PackageTooShort.With(("validUntil", sale.ValidUntil));
        if (!await tx.Get<bool>("select exists (select 1 from marketplace.package_sale_services where sale_id = @Id and service_id = @service)", new { sale.Id, service = service.Id }))
            return MarketplaceRefusals.PackageOtherService;
        var free = (await PackageSales.Credits(tx, sale.Id)).FirstOrDefault(c => c.State == PackageCreditState.Free);
        return free is null ? MarketplaceRefusals.PackageUsedUp : free;
    }

    /// <summary>free → booked.</summary>
    public static Task Claim(Transaction tx, PackageCredit credit, BookingId booking) =>
        tx.ChangeOne("update marketplace.package_credits set state = 'booked', booking_id = @booking where sale_id = @SaleId and no = @No and state = 'free'", new { credit.SaleId, credit.No, booking });

    /// <summary>booked → spent: the session was held, and its part of the money is the provider's.</summary>
    public static async Task<Result<Amount>> Spend(Transaction tx, Caller caller, Booking booking)
    {
        var sale = (await PackageSales.Lock(tx, booking.PackageSaleId!.Value))!;
        await tx.ChangeOne("update marketplace.package_credits set state = 'spent' where booking_id = @Id and state = 'booked'", new { booking.Id });
        if ((await ReleaseEscrow.Run(tx, caller, booking.OrderId)).Refusal is { } refusal) return refusal; // of nothing
        await FinishPackage.Queue(tx, sale.Id);
        return await ReleasePart.Run(tx, caller, sale.OrderId, booking.Id.ToString(), booking.Price);
    }

    /// <summary>A session ends before it was held. Everything back: its credit can be used again. Else so much goes back of its money, the rest is the provider's.</summary>
    public static async Task<Result<Done>> End(Transaction tx, Caller caller, Booking booking, Amount refund, Amount kept, CancelledBy by, string? reason, string refundReason)
    {
        var sale = (await PackageSales.Lock(tx, booking.PackageSaleId!.Value))!;
        var locked = (await BookingRows.Lock(tx, booking.Id))!;
        if (kept.IsZero)
        {
            if ((await GiveBack(tx, caller, sale, booking, reason ?? refundReason)).Refusal is { } no) return no;
            await EndBooking.Cancel(tx, caller, locked, by, reason);
            return default(Done);
        }
        await tx.ChangeOne("update marketplace.package_credits set state = 'spent' where booking_id = @Id and state = 'booked'", new { booking.Id });
        if (refund.IsPositive && (await Refund(tx, caller, sale, booking, refund, reason ?? refundReason)).Refusal is { } refused) return refused;
        await EndBooking.Cancel(tx, caller, locked, by, reason);
        if ((await ReleaseEscrow.Run(tx, caller, booking.OrderId)).Refusal is { } own) return own; // of nothing: a complaint about the session holds its part
        await FinishPackage.Queue(tx, sale.Id);
        return (await ReleasePart.Run(tx, caller, sale.OrderId, booking.Id.ToString(), kept)).Refusal is { } held ? held : default(Done); // locks the provider's balance: last
    }

    /// <summary>A session that was completed did not take place: the money comes back from the provider, and the credit to the customer.</summary>
    public static async Task<Result<Done>> TakeBack(Transaction tx, Caller caller, Booking booking)
    {
        var sale = (await PackageSales.Lock(tx, booking.PackageSaleId!.Value))!;
        if (!await ReleasePart.TakeBack(tx, (await Orders.Lock(tx, sale.OrderId))!, booking.Id.ToString()))
            return (await Refund(tx, caller, sale, booking, booking.Price - booking.Refunded, "no_show")).Refusal is { } refusal ? refusal : default(Done);
        return await GiveBack(tx, caller, sale, booking, "no_show");
    }

    // The sale is over: nothing can be booked with the credit any more, so its money goes back.
    private static async Task<Result<Done>> GiveBack(Transaction tx, Caller caller, PackageSale sale, Booking booking, string reason)
    {
        var open = sale.IsOpen(tx.Now);
        await tx.ChangeOne("update marketplace.package_credits set state = @state, void_reason = @why, booking_id = null where booking_id = @Id and state in ('booked', 'spent')",
            new { booking.Id, state = open ? PackageCreditState.Free : PackageCreditState.Void, why = open ? (PackageVoidReason?)null : sale.ClosedBy == PackageClosedBy.GivenUp ? PackageVoidReason.GivenUp : PackageVoidReason.Expired });
        await tx.Audit(caller, open ? "package.credit_back" : "package.credit_repaid", "package_sale", sale.Id.ToString(), after: new { booking = booking.Id, booking.Price }, why: reason);
        if (open) return default(Done);
        await FinishPackage.Queue(tx, sale.Id);
        return (await Refund(tx, caller, sale, booking, booking.Price - booking.Refunded, reason)).Refusal is { } refusal ? refusal : default(Done);
    }

    private static async Task<Result<RefundId>> Refund(Transaction tx, Caller caller, PackageSale sale, Booking booking, Amount amount, string reason)
    {
        if ((await RequestRefund.Run(tx, caller, sale.OrderId, amount, reason, part: booking.Id.Value)).Is(out var refund, out var refusal) is false) return refusal;
        await tx.ChangeOne("update marketplace.bookings set refund_minor = coalesce(refund_minor, 0) + @Minor where id = @Id", new { booking.Id, amount.Minor });
        return refund;
    }

    /// <summary>Voids every credit that can still be booked; how much money they stood for.</summary>
    public static async Task<Amount> VoidFree(Transaction tx, PackageSale sale, PackageVoidReason why)
    {
        var free = (await PackageSales.Credits(tx, sale.Id)).Where(c => c.State == PackageCreditState.Free).ToArray();
        if (free.Length > 0) await tx.Change("update marketplace.package_credits set state = 'void', void_reason = @why where sale_id = @Id and state = 'free'", new { sale.Id, why });
        return free.Aggregate(Amount.Zero(sale.Currency), (sum, c) => sum + c.Amount);
    }
}
