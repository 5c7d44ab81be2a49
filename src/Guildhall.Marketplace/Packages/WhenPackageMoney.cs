using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Disputes;
using Guildhall.Money.Escrow;
using Guildhall.Money.Orders;
using Guildhall.Money.Refunds;

namespace Guildhall.Marketplace.Packages;

/// <summary>What becomes of the money of a package. Credits come into being with captured money and never stand for more than lies in escrow.</summary>
internal static class WhenPackageMoney
{
    private static readonly Caller Product = Caller.System("marketplace");

    /// <summary>placed → active: what was captured is shared among the sessions by largest remainder. In the settling transaction, however late it is.</summary>
    public static async Task Paid(Transaction tx, OrderPaid fact)
    {
        if (fact.Purpose is not PackageSales.Purpose) return;
        var sale = await PackageSales.OfOrder(tx, fact.Order) ?? throw new InvalidOperationException($"Order {fact.Order} pays for a package that is not there.");
        var parts = Shares(fact.Amount.Minor, sale.Sessions, fact.Payment is null ? 1 : await RefundStep.Of(tx, fact.Order));
        var validUntil = tx.Now.AddDays(sale.ValidDays);
        await tx.ChangeOne("update marketplace.package_sales set state = 'active', paid_at = @now, valid_until = @validUntil where id = @Id and state = 'placed'", new { sale.Id, now = tx.Now, validUntil });
        await tx.Change("insert into marketplace.package_credits (sale_id, no, minor, state) select @Id, t.no, t.minor, 'free' from unnest(@minors::bigint[]) with ordinality as t(minor, no)",
            new { sale.Id, minors = parts });
        await tx.Enqueue(new ExpirePackage(sale.Id), runAt: validUntil, uniqueKey: sale.Id.ToString());
        await tx.Audit(Product, "package.activated", "package_sale", sale.Id.ToString(), after: new { order = fact.Order, fact.Amount, validUntil });
        await TellOfPackage.Bought(tx, sale, fact.Amount, validUntil);
    }

    /// <summary>Money went back that no credit was ended for: unused credits are void, and when what is left does not cover the booked sessions, they end too.</summary>
    public static async Task Refunded(Transaction tx, OrderRefunded fact)
    {
        if (fact.Purpose is not PackageSales.Purpose || await PackageSales.OfOrder(tx, fact.Order) is not { State: PackageSaleState.Active } sale) return;
        await Cover(tx, sale, PackageVoidReason.Refund);
    }

    /// <summary>What a session gave back lies in escrow again: it says so no more. The package does not end before it was given instead.</summary>
    public static async Task RefundFailed(Transaction tx, OrderRefundFailed fact)
    {
        if (fact.Purpose is not PackageSales.Purpose || fact.Part is not { } part || await PackageSales.OfOrder(tx, fact.Order) is not { } sale || part == sale.Id.Value) return;
        await tx.ChangeOne("update marketplace.bookings set refund_minor = refund_minor - @minor where id = @part", new { part, minor = fact.Amount.Minor });
    }

    /// <summary>What was given back has arrived, says the gateway: the customer is told, and the package may be over.</summary>
    public static async Task RefundCompleted(Transaction tx, RefundCompleted fact)
    {
        if (fact.Purpose is not PackageSales.Purpose || await PackageSales.OfOrder(tx, fact.Order) is not { } sale) return;
        await TellOfPackage.Repaid(tx, sale, fact.Amount);
        if (sale.State is PackageSaleState.Active) await FinishPackage.Queue(tx, sale.Id);
    }

    /// <summary>A dispute voids what is unused at once; what it takes of booked sessions is looked at when the books have it. Won, what it voided can be used again.</summary>
    public static async Task Disputed(Transaction tx, DisputeChanged fact)
    {
        if (await PackageSales.OfOrder(tx, fact.Order) is not { State: PackageSaleState.Active } sale) return;
        if (fact.State is DisputeState.NeedsResponse or DisputeState.UnderReview or DisputeState.Lost or DisputeState.Accepted)
        {
            var voided = await PackageCredits.VoidFree(tx, sale, PackageVoidReason.Dispute);
            if (voided.IsPositive) await tx.Audit(Product, "package.credits_void", "package_sale", sale.Id.ToString(), after: new { why = PackageVoidReason.Dispute, voided });
        }
        await tx.EnqueueNow(new CoverPackage(sale.Id), uniqueKey: sale.Id.ToString());
    }

    internal static async Task Cover(Transaction tx, PackageSale sale, PackageVoidReason why)
    {
        var credits = await PackageSales.Credits(tx, sale.Id);
        var left = (await ReleasePart.Left(tx, (await Orders.Lock(tx, sale.OrderId))!)).Minor;
        var (free, booked) = (Sum(credits, PackageCreditState.Free), Sum(credits, PackageCreditState.Booked));
        if (left >= free + booked) return;
        var voided = await PackageCredits.VoidFree(tx, sale, why);
        await tx.Audit(Product, "package.credits_void", "package_sale", sale.Id.ToString(), after: new { why, voided });
        if (left < booked)
            foreach (var credit in credits.Where(c => c.State == PackageCreditState.Booked)) await tx.Enqueue(new EndUncoveredSession(new BookingId(credit.BookingId!.Value)), uniqueKey: credit.BookingId.ToString());
        await FinishPackage.Queue(tx, sale.Id);
    }

    /// <summary>By largest remainder, in steps of what the gateway can move, so that each of them can be refunded alone; the first ones bear the rest. No session is worth nothing:
    /// of a package that was sold for less than a step each, in minor units.</summary>
    internal static long[] Shares(long minor, int sessions, long step)
    {
        var by = minor % step == 0 && minor / step >= sessions ? step : 1;
        var steps = minor / by;
        return [.. Enumerable.Range(0, sessions).Select(i => ((steps / sessions) + (i < steps % sessions ? 1 : 0)) * by)];
    }

    internal static long Sum(IReadOnlyList<PackageCredit> credits, PackageCreditState state) => credits.Where(c => c.State == state).Sum(c => c.Minor);
}
