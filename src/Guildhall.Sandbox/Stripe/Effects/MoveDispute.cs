using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;

namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>The cardholder's bank disputes a charge, and decides. A dispute takes its amount and a fee at once, an inquiry nothing;
/// won, the amount comes back and the fee does not.</summary>
internal static class MoveDispute
{
    private const int DaysToAnswer = 7;
    private const long Fee = 1500;

    public static Dispute? Open(World world, string chargeOrIntent, long? amount, string? reason, bool inquiry, bool withdraws)
    {
        var id = world.Intents.Find(chargeOrIntent)?.LatestCharge ?? chargeOrIntent;
        if (world.Charges.Find(id) is not { Captured: true } charge) return null;
        var asked = amount ?? charge.AmountCaptured;
        if (asked <= 0 || asked > charge.AmountCaptured) return null;
        var dispute = new Dispute
        {
            Id = Ids.New("du_"),
            Amount = asked,
            Charge = charge.Id,
            Created = world.UnixNow,
            Currency = charge.Currency,
            EvidenceDetails = new(world.Now.AddDays(DaysToAnswer).ToUnixTimeSeconds(), false, false, 0),
            IsChargeRefundable = inquiry,
            PaymentIntent = charge.PaymentIntent,
            Reason = reason ?? "fraudulent",
            Status = inquiry ? "warning_needs_response" : "needs_response",
        };
        world.Charges.Put(charge with { Disputed = true });
        if (!inquiry && withdraws) dispute = Withdraw(world, dispute);
        world.Disputes.Put(dispute);
        Emit.Event(world, "charge.dispute.created", dispute);
        if (dispute.BalanceTransactions.Length > 0) Emit.Event(world, "charge.dispute.funds_withdrawn", dispute);
        return dispute;
    }

    /// <summary>The bank's word: won, lost, warning_closed, under_review, or needs_response for an inquiry that becomes a dispute.</summary>
    public static bool Become(World world, string id, string status)
    {
        if (world.Disputes.Find(id) is not { } dispute || dispute.Status == status) return false;
        var taken = -dispute.BalanceTransactions.Sum(b => b.Amount);
        var moved = dispute with { Status = status };
        if (status == "won" && taken > 0) moved = Add(world, moved, taken, 0, "Dispute reinstated");
        if (status is "lost" or "needs_response" && taken == 0) moved = Withdraw(world, moved);
        world.Disputes.Put(moved);
        Emit.Event(world, status is "won" or "lost" or "warning_closed" ? "charge.dispute.closed" : "charge.dispute.updated", moved);
        if (moved.BalanceTransactions.Length > dispute.BalanceTransactions.Length)
            Emit.Event(world, status == "won" ? "charge.dispute.funds_reinstated" : "charge.dispute.funds_withdrawn", moved);
        return true;
    }

    /// <summary>The bank decides against a merchant whose money it never took: the refund had been there before.</summary>
    public static bool LoseWithoutDebit(World world, string id)
    {
        if (world.Disputes.Find(id) is not { BalanceTransactions.Length: 0 } dispute) return false;
        world.Disputes.Put(dispute with { Status = "lost" });
        Emit.Event(world, "charge.dispute.closed", dispute with { Status = "lost" });
        return true;
    }

    private static Dispute Withdraw(World world, Dispute dispute) => Add(world, dispute, -dispute.Amount, Fee, "Chargeback withdrawal");

    private static Dispute Add(World world, Dispute dispute, long amount, long fee, string why)
    {
        MoveBalance.By(world, MoveBalance.Platform, dispute.Currency, amount - fee);
        var move = new BalanceTransaction
        {
            Id = $"{FindBalanceTransaction.IdFor(dispute.Id)}{dispute.BalanceTransactions.Length}",
            Source = dispute.Id,
            Amount = amount,
            Fee = fee,
            FeeDetails = fee == 0 ? [] : [new FeeDetail(fee, dispute.Currency, "Dispute fee")],
            Net = amount - fee,
            Currency = dispute.Currency,
            Created = world.UnixNow,
            AvailableOn = world.UnixNow,
            Description = $"{why} for {dispute.Charge}",
            ReportingCategory = amount < 0 ? "dispute" : "dispute_reversal",
            Type = "adjustment",
        };
        return dispute with { BalanceTransactions = [.. dispute.BalanceTransactions, move] };
    }
}
