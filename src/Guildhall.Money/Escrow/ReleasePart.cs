using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Disputes;
using Guildhall.Money.Fees;
using Guildhall.Money.Ledger;
using Guildhall.Money.Orders;
using Guildhall.Money.Refunds;

namespace Guildhall.Money.Escrow;

/// <summary>Part of what an order sells was delivered: its money leaves the escrow, with its share of the fee frozen at sale, while the rest stays. Parts, refunds and the
/// release of the rest share the sale to the minor unit in any order. Refused like <see cref="ReleaseEscrow"/>; each key once.</summary>
public static class ReleasePart
{
    private sealed record Row(long GrossMinor, long FeeMinor, long TaxMinor, DateTimeOffset? TakenBackAt);

    private sealed record Lost(string Gateway, string GatewayRef);

    /// <returns>What the provider earned by it.</returns>
    /// <param name="key">Names the part within the order, at most 60 characters.</param>
    public static async Task<Result<Amount>> Run(Transaction tx, Caller caller, OrderId id, string key, Amount part)
    {
        if (await Orders.Orders.Lock(tx, id) is not { } order) return MoneyRefusals.OrderNotFound;
        if (order.State != OrderState.Paid || order.PaidPaymentId is not { } payment) return MoneyRefusals.OrderNotPaid;
        if (order.ReleasedAt is not null || await tx.Find<Row>(Known, new { id, key }) is not null) return MoneyRefusals.OrderReleased;
        if (await HoldOrder.Objection(tx, id) is { } objection) return objection;
        if (part.Currency != order.Currency) return MoneyRefusals.WrongCurrency;
        if (!part.IsPositive) return MoneyRefusals.AmountNotPositive;
        var held = await tx.Get<ReleaseEscrow.Held>(ReleaseEscrow.LockGuard, new { payment });
        if (part.Minor > held.LeftMinor) return MoneyRefusals.EscrowTooSmall.With(("left", new Amount(held.LeftMinor, order.Currency)));

        var (fee, tax) = FeeShare.Of(new SaleFee(order.Total, order.Fee, order.FeeTax), held.RefundedMinor + held.DisputedMinor + held.PartedMinor,
            held.FeeBackMinor + held.DisputedFeeMinor + held.PartedFeeMinor, held.FeeTaxBackMinor + held.DisputedTaxMinor + held.PartedTaxMinor, part);
        await tx.ChangeOne(Insert, new { id, key, gross = part.Minor, fee = fee.Minor, tax = tax.Minor, now = tx.Now });
        await tx.ChangeOne(Count, new { payment, gross = part.Minor, fee = fee.Minor, tax = tax.Minor });
        await ReleaseEscrow.Post(tx, caller, order, $"release:{id}:{key}", part, fee, tax); // locks the provider's balance: last
        return part - fee - tax;
    }

    /// <summary>What lies in escrow for a paid order that was not released as a whole; zero for any other. The order is locked by the caller.</summary>
    public static async Task<Amount> Left(Transaction tx, Order order) => order is not { State: OrderState.Paid, ReleasedAt: null, PaidPaymentId: { } payment } ? Amount.Zero(order.Currency)
        : new Amount((await tx.Get<ReleaseEscrow.Held>(ReleaseEscrow.LockGuard, new { payment })).LeftMinor, order.Currency);

    /// <summary>Takes a part back from the provider into escrow: it was not delivered after all. False when the order was released as a whole since, or the part is unknown.</summary>
    public static async Task<bool> TakeBack(Transaction tx, Order order, string key)
    {
        if (order is not { ReleasedAt: null, PaidPaymentId: { } payment } || await tx.Find<Row>(Known, new { id = order.Id, key }) is not { TakenBackAt: null } row) return false;
        await tx.ChangeOne(Count, new { payment, gross = -row.GrossMinor, fee = -row.FeeMinor, tax = -row.TaxMinor });
        await tx.ChangeOne("update money.escrow_parts set taken_back_at = @now where order_id = @Id and key = @key and taken_back_at is null", new { order.Id, key, now = tx.Now });
        Amount Of(long minor) => new(minor, order.Currency);
        await new Journal($"release_undone:{order.Id}:{key}", "release_undone", order.Id)
            .Move(Of(row.GrossMinor - row.FeeMinor - row.TaxMinor), debit: Book.Available(order.ProviderId), credit: Book.Escrow)
            .Move(Of(row.FeeMinor), debit: Book.PlatformFee, credit: Book.Escrow)
            .Move(Of(row.TaxMinor), debit: Book.Platform(AccountKind.FeeTax), credit: Book.Escrow).Post(tx);
        tx.Hint($"order:{order.Id}");
        return true;
    }

    // Released as a whole, an order is one like any other: refunds and disputes take of it from the provider. A lost dispute that took more than the escrow held is worked out again.
    internal static async Task JoinWhole(Transaction tx, Guid payment)
    {
        await tx.ChangeOne("update money.payment_guards set parted_minor = 0, parted_fee_minor = 0, parted_tax_minor = 0 where payment_id = @payment", new { payment });
        foreach (var lost in await tx.List<Lost>("select gateway, gateway_ref from money.disputes where payment_id = @payment and excess_minor > 0", new { payment }))
            await tx.Enqueue(new CheckDispute(lost.Gateway, lost.GatewayRef), uniqueKey: $"{lost.Gateway}:{lost.GatewayRef}:whole");
    }

    private const string Known = "select gross_minor, fee_minor, tax_minor, taken_back_at from money.escrow_parts where order_id = @id and key = @key";

    private const string Insert = """
        insert into money.escrow_parts (order_id, key, gross_minor, fee_minor, tax_minor, released_at) values (@id, @key, @gross, @fee, @tax, @now)
        """;

    private const string Count = """
        update money.payment_guards set parted_minor = parted_minor + @gross, parted_fee_minor = parted_fee_minor + @fee, parted_tax_minor = parted_tax_minor + @tax where payment_id = @payment
        """;
}
