using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Ledger;
using Guildhall.Money.Orders;
using Guildhall.Money.Reserves;

namespace Guildhall.Money.Escrow;

/// <summary>The service was delivered: what is left of the order in escrow becomes available to the provider, less what is left of the fee frozen
/// at sale and the rolling reserve. Once per order; a refund or <see cref="ReleasePart"/> that came first has taken its part. Refused while a complaint or an open dispute holds it.</summary>
public static class ReleaseEscrow
{
    internal sealed record Held(long CapturedMinor, long RefundedMinor, long FeeBackMinor, long FeeTaxBackMinor, long DisputedMinor, long DisputedFeeMinor, long DisputedTaxMinor, long PartedMinor,
        long PartedFeeMinor, long PartedTaxMinor)
    {
        public long LeftMinor => CapturedMinor - RefundedMinor - DisputedMinor - PartedMinor;
    }

    /// <returns>What the provider earned.</returns>
    public static async Task<Result<Amount>> Run(Transaction tx, Caller caller, OrderId id)
    {
        var order = await Orders.Orders.Lock(tx, id);
        if (order is null) return MoneyRefusals.OrderNotFound;
        if (order.State != OrderState.Paid) return MoneyRefusals.OrderNotPaid;
        if (order.ReleasedAt is not null) return MoneyRefusals.OrderReleased;
        if (await HoldOrder.Objection(tx, id) is { } objection) return objection;

        if (order.Total.IsZero)
        {
            await tx.ChangeOne("update money.orders set released_at = @now where id = @id and state = 'paid' and released_at is null", new { id, now = tx.Now });
            return order.Total;
        }
        if (await tx.Get<bool>("select capturing_minor > 0 from money.payment_guards where payment_id = @payment for update", new { payment = order.PaidPaymentId })) return MoneyRefusals.CaptureInProgress;
        var held = await tx.Get<Held>(LockGuard, new { payment = order.PaidPaymentId });
        var gross = new Amount(held.LeftMinor, order.Currency);
        var fee = new Amount(order.FeeMinor - held.FeeBackMinor - held.DisputedFeeMinor - held.PartedFeeMinor, order.Currency);
        var tax = new Amount(order.FeeTaxMinor - held.FeeTaxBackMinor - held.DisputedTaxMinor - held.PartedTaxMinor, order.Currency);
        var earned = gross - fee - tax;
        await tx.ChangeOne("update money.orders set released_at = @now where id = @id and state = 'paid' and released_at is null", new { id, now = tx.Now });
        if (held.PartedMinor > 0) await ReleasePart.JoinWhole(tx, order.PaidPaymentId!.Value);
        await Post(tx, caller, order, $"release:{id}", gross, fee, tax);
        return earned;
    }

    /// <summary>Moves it out of escrow: to the provider, what is kept back, fee and tax.</summary>
    internal static async Task Post(Transaction tx, Caller caller, Order order, string reference, Amount gross, Amount fee, Amount tax)
    {
        var earned = gross - fee - tax;
        var kept = await KeepReserve.Of(tx, order, earned);
        await new Journal(reference, "release", order.Id)
            .Move(earned - kept, debit: Book.Escrow, credit: Book.Available(order.ProviderId))
            .Move(kept, debit: Book.Escrow, credit: Book.Rolling(order.ProviderId))
            .Move(fee, debit: Book.Escrow, credit: Book.PlatformFee)
            .Move(tax, debit: Book.Escrow, credit: Book.Platform(AccountKind.FeeTax)).Post(tx);
        await tx.Audit(caller, "escrow.released", "order", order.Id.ToString(), after: new { gross, fee, tax, earned, kept });
        tx.Hint($"order:{order.Id}");
    }

    internal const string LockGuard = """
        select captured_minor, refunded_minor, fee_back_minor, fee_tax_back_minor, disputed_minor, disputed_fee_minor, disputed_tax_minor, parted_minor, parted_fee_minor, parted_tax_minor
        from money.payment_guards where payment_id = @payment for update
        """;
}
