using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.PayPal;

/// <summary>What happens by itself: pending money that arrives, a refund that fails after it was accepted, held money that is let go.</summary>
internal static class PayPalLater
{
    private const int DaysHeld = 29, LateSeconds = 20, BankSeconds = 3;

    public static void Settle(World world, string part) => world.Agenda.Set(new(TimerKind.SettlePayPalLate, part, world.Now.AddSeconds(LateSeconds).ToUnixTimeMilliseconds()));

    public static void FailRefund(World world, string refund) => world.Agenda.Set(new(TimerKind.FailPayPalRefund, refund, world.Now.AddSeconds(BankSeconds).ToUnixTimeMilliseconds()));

    public static bool FailNow(World world, string id)
    {
        if (world.PayPalOrders.NewestFirst("refund:" + id).FirstOrDefault() is not { } order || order.Part(id) is not { Status: "PENDING" or "COMPLETED" } refund) return false;
        var failed = refund with { Status = "FAILED", Updated = world.Now, Reason = null };
        order = order.With(failed);
        var capture = order.Part(refund.Of!)!;
        order = order.With(capture with { Status = PayPalPayments.Left(order, capture) == capture.Amount ? "COMPLETED" : "PARTIALLY_REFUNDED" });
        world.PayPalOrders.Put(order);
        PayPalTells.Of(world, order, failed, "PAYMENT.REFUND.FAILED");
        return true;
    }

    public static bool SettleNow(World world, string id, bool arrives = true)
    {
        var order = world.PayPalOrders.NewestFirst("capture:" + id).Concat(world.PayPalOrders.NewestFirst("authorization:" + id)).FirstOrDefault();
        if (order?.Part(id) is not { Status: "PENDING" } part) return false;
        var captured = part.Kind == "capture";
        var now = part with { Status = captured ? arrives ? "COMPLETED" : "DECLINED" : arrives ? "CREATED" : "DENIED", Reason = null, Updated = world.Now };
        order = order.With(now) with { Updated = world.Now };
        world.PayPalOrders.Put(order);
        PayPalTells.Of(world, order, now, $"PAYMENT.{part.Kind.ToUpperInvariant()}.{now.Status}");
        return true;
    }

    /// <summary>Held money is let go after 29 days, or after what the faults say.</summary>
    public static PayPalPart AsItStands(World world, PayPalPart part) => part is { Kind: "authorization", Status: "CREATED" }
        && world.Now > (world.Faults.HoldMinutes > 0 ? part.Created.AddMinutes(world.Faults.HoldMinutes) : part.Created.AddDays(DaysHeld)) ? part with { Status = "VOIDED" } : part;

    public static PayPalOrder AsItStands(World world, PayPalOrder order) => order with { Authorizations = [.. order.Authorizations.Select(a => AsItStands(world, a))] };
}
