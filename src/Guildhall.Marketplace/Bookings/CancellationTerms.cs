using System.Numerics;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Packages;
using Guildhall.Marketplace.Policies;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Which rule of the terms applies. <c>ProviderMoved</c>: the provider moved the booking and the customer has not agreed to the new time.
/// <c>Begun</c>: its time has come.</summary>
public enum CancellationRule { Unpaid, Free, Late, ByProvider, ProviderMoved, Begun }

/// <summary>What a cancellation at this moment does: what goes back to the customer and what the provider keeps (before the platform's fee).
/// <c>FreeUntil</c>: until when the customer gets everything back; null when never. <c>PolicyVersion</c>: the terms frozen at the sale. <c>CreditBack</c>: everything back is a
/// session of the package again, not money.</summary>
public sealed record CancellationTerms(CancellationRule Rule, Amount Refund, Amount Kept, DateTimeOffset? FreeUntil, int BackPercent, int PolicyVersion,
    bool CreditBack = false)
{
    /// <summary>The one place that computes it: for the preview and for the deed.</summary>
    internal static async Task<CancellationTerms> Of(Transaction tx, Booking booking, Amount paid, BookingRole side, long gatewayStep)
    {
        var policy = await PolicyRows.Get(tx, booking.PolicyId);
        var (rule, percent) = side == BookingRole.Provider ? (CancellationRule.ByProvider, CancellationPolicy.Everything) : ForCustomer(booking, policy, tx.Now);
        if (booking.State == BookingState.Held) (rule, percent) = (CancellationRule.Unpaid, 0);
        var left = (booking.PackageSaleId is null ? paid : booking.Price) - booking.Refunded; // less may have been taken than was asked
        if (booking.PackageSaleId is { } id && await tx.Get<PackageSale>(PackageSales.Select + " where s.id = @id", new { id }) is var sale && !sale.IsOpen(tx.Now))
        {
            // Its credit has nowhere to go back to: who ends it of their own wish gets no more than for what they did not book.
            if (rule is CancellationRule.Free or CancellationRule.Late or CancellationRule.Begun) percent = Math.Min(percent, await GiveUpPackage.BackPercent(tx, sale));
        }
        else if (booking.PackageSaleId is not null && percent == CancellationPolicy.Everything)
            return new CancellationTerms(rule, Amount.Zero(booking.Currency), Amount.Zero(booking.Currency), FreeUntilOf(booking, policy), percent, policy.Version, CreditBack: true);
        var back = Part(left, percent, gatewayStep);
        var kept = booking.State == BookingState.Held ? Amount.Zero(booking.Currency) : left - back;
        return new CancellationTerms(rule, back, kept, FreeUntilOf(booking, policy), percent, policy.Version);
    }

    /// <summary>The share that comes back to the customer at this moment, and by which rule.</summary>
    internal static (CancellationRule Rule, int Percent) ForCustomer(Booking booking, CancellationPolicy policy, DateTimeOffset now)
    {
        if (booking.AwaitsAnswer) return (CancellationRule.ProviderMoved, CancellationPolicy.Everything);
        var percent = Math.Min(policy.BackPercent(booking.StartsAt, now), booking.RefundCapPercent ?? CancellationPolicy.Everything);
        return (percent == CancellationPolicy.Everything ? CancellationRule.Free : now > booking.StartsAt ? CancellationRule.Begun : CancellationRule.Late, percent);
    }

    /// <summary>Until when the customer gets everything back; null when never.</summary>
    internal static DateTimeOffset? FreeUntilOf(Booking booking, CancellationPolicy policy) =>
        booking.AwaitsAnswer ? booking.StartsAt : booking.RefundCapPercent is < CancellationPolicy.Everything ? null : policy.FreeUntil(booking.StartsAt);

    /// <summary>Rounded up to what the gateway can move: the customer never gets less than the terms say.</summary>
    internal static Amount Part(Amount left, int percent, long step)
    {
        var exact = (BigInteger)left.Minor * percent;
        var steps = (exact + ((100 * (BigInteger)step) - 1)) / (100 * (BigInteger)step);
        return left with { Minor = (long)BigInteger.Min(steps * step, left.Minor) };
    }
}
