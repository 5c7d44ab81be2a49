using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;

namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>pending → in_transit → paid or failed; a paid one may still come back, days later in life and seconds later here.</summary>
internal static class AdvancePayout
{
    private const int TransitSeconds = 2;
    private const int ReturnSeconds = 5;
    private static readonly TimerKind[] Ahead = [TimerKind.SendPayout, TimerKind.ArrivePayout, TimerKind.ReturnPayout];

    public static void Send(World world, string payoutId)
    {
        if (world.Payouts.Find(payoutId) is not { Status: "pending" } payout) return;
        var sent = payout with { Status = "in_transit", TraceId = new TraceId("pending", null) };
        world.Payouts.Put(sent);
        Emit.Event(world, "payout.updated", sent, sent.Account);
        world.Agenda.Set(new(TimerKind.ArrivePayout, payoutId, world.Now.AddSeconds(TransitSeconds).ToUnixTimeMilliseconds()));
    }

    public static void Arrive(World world, string payoutId)
    {
        if (world.Payouts.Find(payoutId) is not { Status: "in_transit" } payout) return;
        if (payout.Fate == PayoutFault.Fail)
        {
            Fail(world, payout, "account_closed", "The bank account has been closed.");
            return;
        }

        var paid = payout with { Status = "paid", TraceId = new TraceId("supported", Ids.New("", 12).ToUpperInvariant()) };
        world.Payouts.Put(paid);
        Emit.Event(world, "payout.paid", paid, paid.Account);
        if (payout.Fate == PayoutFault.ReturnAfterPaid)
            world.Agenda.Set(new(TimerKind.ReturnPayout, payoutId, world.Now.AddSeconds(ReturnSeconds).ToUnixTimeMilliseconds()));
    }

    public static bool Return(World world, string payoutId)
    {
        if (world.Payouts.Find(payoutId) is not { Status: "pending" or "in_transit" or "paid" } payout) return false;
        foreach (var kind in Ahead) world.Agenda.Cancel(kind, payoutId);
        Fail(world, payout, "could_not_process", "The bank could not process this payout and returned it.");
        return true;
    }

    private static void Fail(World world, Payout payout, string code, string message)
    {
        var failed = payout with
        {
            Status = "failed",
            FailureCode = code,
            FailureMessage = message,
            FailureBalanceTransaction = FindBalanceTransaction.IdFor(payout.Id) + "f",
        };
        world.Payouts.Put(failed);
        MoveBalance.By(world, payout.Account, payout.Currency, payout.Amount);
        Emit.Event(world, "payout.failed", failed, failed.Account);
    }
}
