using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.PayPal;

/// <summary>What becomes of a payout: it arrives, fails, waits to be claimed and goes back after thirty days, or comes back after it had arrived.</summary>
internal static class PayPalPayoutLater
{
    private const int ProcessSeconds = 2, ReturnSeconds = 5, DaysToClaim = 30;

    public static void Begin(World world, PayPalPayout payout) => In(world, payout, ProcessSeconds);

    /// <summary>What is due now, by how it stands.</summary>
    public static void Due(World world, string batch)
    {
        if (world.PayPalPayouts.Find(batch) is not { } payout) return;
        switch (payout.Status, payout.Fate)
        {
            case ("PENDING", nameof(PayoutFault.Fail)):
                End(world, payout, "FAILED", "RECEIVER_ACCOUNT_LOCKED");
                break;
            case ("PENDING", nameof(PayoutFault.Unclaimed)):
                In(world, End(world, payout, "UNCLAIMED", "RECEIVER_UNREGISTERED"), DaysToClaim * 24 * 60 * 60);
                break;
            case ("PENDING", var fate):
                var paid = End(world, payout, "SUCCESS", null);
                if (fate == nameof(PayoutFault.ReturnAfterPaid)) In(world, paid, ReturnSeconds);
                break;
            case ("UNCLAIMED", _):
                End(world, payout, "RETURNED", payout.Error);
                break;
            case ("SUCCESS", _):
                End(world, payout, "REVERSED", null);
                break;
        }
    }

    /// <summary>By hand: <c>claim</c>, <c>return</c>, <c>hold</c>, <c>block</c> or <c>deny</c>. False for what cannot become of it.</summary>
    public static bool Act(World world, string id, string act)
    {
        if ((world.PayPalPayouts.Find(id) ?? world.PayPalPayouts.NewestFirst("item:" + id).FirstOrDefault()) is not { } payout) return false;
        if (Becomes(act, payout.Status) is not { } status) return false;
        world.Agenda.Cancel(TimerKind.MovePayPalPayout, payout.Batch);
        End(world, payout, status, status is "SUCCESS" ? null : payout.Error);
        return true;
    }

    /// <summary>The status after an act, or null when it cannot be done.</summary>
    public static string? Becomes(string act, string status) => (act, status) switch
    {
        ("claim", "PENDING" or "UNCLAIMED" or "ONHOLD" or "BLOCKED") => "SUCCESS",
        ("return", "UNCLAIMED" or "ONHOLD" or "BLOCKED") => "RETURNED",
        ("return", "SUCCESS") => "REFUNDED",
        ("hold", "PENDING") => "ONHOLD",
        ("block", "PENDING") => "BLOCKED",
        ("deny", "PENDING") => "DENIED",
        _ => null,
    };

    public static PayPalPayout End(World world, PayPalPayout payout, string status, string? error)
    {
        var now = payout with { Status = status, BatchStatus = status == "DENIED" ? "DENIED" : "SUCCESS", Error = error, Updated = world.Now };
        world.PayPalPayouts.Put(now);
        PayPalTells.OfPayout(world, now, "PAYMENT.PAYOUTS-ITEM." + status switch { "SUCCESS" => "SUCCEEDED", "ONHOLD" => "HELD", "REVERSED" => "REFUNDED", _ => status });
        return now;
    }

    private static void In(World world, PayPalPayout payout, int seconds) => world.Agenda.Set(new(TimerKind.MovePayPalPayout, payout.Batch, world.Now.AddSeconds(seconds).ToUnixTimeMilliseconds()));
}
