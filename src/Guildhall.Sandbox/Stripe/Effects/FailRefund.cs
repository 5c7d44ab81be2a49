using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>The bank sends an accepted refund back: the money returns to the platform and the charge counts it no longer.</summary>
internal static class FailRefund
{
    public static bool Run(World world, string refundId)
    {
        if (world.Refunds.Find(refundId) is not { Status: "pending" or "succeeded" } refund) return false;
        world.Agenda.Cancel(TimerKind.FailRefund, refundId);
        var failed = refund with
        {
            Status = "failed",
            PendingReason = null,
            FailureReason = "lost_or_stolen_card",
            FailureBalanceTransaction = FindBalanceTransaction.IdFor(refund.Id) + "f",
        };
        world.Refunds.Put(failed);
        if (world.Charges.Find(refund.Charge) is { } charge)
            world.Charges.Put(charge with { AmountRefunded = charge.AmountRefunded - refund.Amount, Refunded = false });
        MoveBalance.By(world, MoveBalance.Platform, refund.Currency, refund.Amount);
        Emit.Event(world, "refund.updated", failed);
        Emit.Event(world, "refund.failed", failed);
        return true;
    }
}
