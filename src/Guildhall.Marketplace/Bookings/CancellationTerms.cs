using System.Numerics;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Which rule of the policy applies.</summary>
public enum CancellationRule { Unpaid, Free, Late, ByProvider }

/// <summary>What a cancellation at this moment does: what goes back to the customer and what the provider keeps (before the platform's fee).
/// <c>FreeUntil</c>: until when the customer gets everything back.</summary>
public sealed record CancellationTerms(CancellationRule Rule, Amount Refund, Amount Kept, DateTimeOffset FreeUntil)
{
    /// <summary>The one place that computes it: for the preview and for the deed.</summary>
    internal static async Task<CancellationTerms> Of(Transaction tx, Booking booking, Amount paid, BookingRole side, long gatewayStep)
    {
        var freeUntil = booking.StartsAt.AddHours(-await tx.Setting(MarketplaceSettings.CancelFreeHours));
        var left = paid - booking.Refunded; // less may have been taken than was asked
        var none = Amount.Zero(booking.Currency);
        if (booking.State == BookingState.Held) return new CancellationTerms(CancellationRule.Unpaid, none, none, freeUntil);
        if (side == BookingRole.Provider) return new CancellationTerms(CancellationRule.ByProvider, left, none, freeUntil);
        if (tx.Now <= freeUntil) return new CancellationTerms(CancellationRule.Free, left, none, freeUntil);
        var back = Part(left, await tx.Setting(MarketplaceSettings.LateCancelRefundPercent), gatewayStep);
        return new CancellationTerms(CancellationRule.Late, back, left - back, freeUntil);
    }

    // Rounded up to what the gateway can move: the customer never gets less than the policy says.
    private static Amount Part(Amount left, int percent, long step)
    {
        var exact = (BigInteger)left.Minor * percent;
        var steps = (exact + ((100 * (BigInteger)step) - 1)) / (100 * (BigInteger)step);
        return left with { Minor = (long)BigInteger.Min(steps * step, left.Minor) };
    }
}
