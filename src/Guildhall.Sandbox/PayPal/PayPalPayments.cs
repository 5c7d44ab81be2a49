using System.Text.Json;

namespace Guildhall.Sandbox.PayPal;

/// <summary><c>/v2/payments</c>: captures, authorizations, refunds.</summary>
internal static class PayPalPayments
{
    public static void Map(PayPalApi api)
    {
        foreach (var kind in (string[])["capture", "authorization", "refund"]) api.Get($"/v2/payments/{kind}s/{{id}}", call => Show(call, kind));
        api.Post("/v2/payments/authorizations/{id}/capture", Capture);
        api.Post("/v2/payments/authorizations/{id}/void", Void);
        api.Post("/v2/payments/captures/{id}/refund", Refund);
    }

    private static PayPalAnswer Show(PayPalCall call, string kind)
    {
        var (order, part) = call.Part(kind);
        return PayPalAnswer.Ok(PayPalWire.Part(order, part, whole: true));
    }

    private static PayPalAnswer Capture(PayPalCall call)
    {
        var (world, (order, hold)) = (call.World, call.Part("authorization"));
        if (hold.Status == "VOIDED") throw PayPalRefusal.Cannot("AUTHORIZATION_VOIDED", "A voided authorization cannot be captured or reauthorized.");
        if (hold.Status == "CAPTURED") throw PayPalRefusal.Cannot("AUTHORIZATION_ALREADY_CAPTURED", "Authorization has already been captured.");
        if (hold.Status is not ("CREATED" or "PARTIALLY_CAPTURED")) throw PayPalRefusal.Cannot("AUTHORIZATION_DENIED", "A denied authorization cannot be captured.");
        var left = hold.Amount - order.Captures.Where(c => c.Of == hold.Id).Sum(c => c.Amount);
        var (currency, value) = call.Body["amount"] is { } asked ? PayPalMoney.Read(asked, "amount") : (order.Currency, PayPalMoney.Write(left, order.Currency));
        if (currency != order.Currency) throw PayPalRefusal.Cannot("AUTH_CAPTURE_CURRENCY_MISMATCH", "Currency of capture must be the same as currency of authorization.");
        if (PayPalOrder.Number(value) > left) throw PayPalRefusal.Cannot("MAX_CAPTURE_AMOUNT_EXCEEDED", "Capture amount exceeds allowable limit.");
        var final = call.Body["final_capture"]?.GetValueKind() switch
        {
            JsonValueKind.True => true,
            null or JsonValueKind.False => false,
            _ => throw PayPalRefusal.Invalid("INVALID_PARAMETER_SYNTAX", "final_capture is true or false."),
        };
        if (order.Funds == "declined") throw PayPalRefusal.Cannot("TRANSACTION_REFUSED", "PayPal's internal controls prevent authorization from being captured.", kept: true);
        var capture = new PayPalPart("capture", PayPalIds.New(), "COMPLETED", value, order.CustomId, hold.Id, world.Now, world.Now);
        order = order.With(hold with { Status = final || PayPalOrder.Number(value) == left ? "CAPTURED" : "PARTIALLY_CAPTURED", Updated = world.Now }).With(capture) with { Updated = world.Now };
        world.PayPalOrders.Put(order);
        PayPalTells.Of(world, order, capture, "PAYMENT.CAPTURE.COMPLETED");
        return PayPalAnswer.Made(PayPalWire.Part(order, capture, whole: true));
    }

    private static PayPalAnswer Void(PayPalCall call)
    {
        var (world, (order, hold)) = (call.World, call.Part("authorization"));
        if (hold.Status == "VOIDED") throw PayPalRefusal.Cannot("PREVIOUSLY_VOIDED", "Authorization has been previously voided and hence cannot be voided again.");
        if (hold.Status is "CAPTURED") throw PayPalRefusal.Cannot("PREVIOUSLY_CAPTURED", "Authorization has been previously captured and hence cannot be voided.");
        var gone = hold with { Status = "VOIDED", Updated = world.Now };
        order = order.With(gone) with { Updated = world.Now };
        world.PayPalOrders.Put(order);
        PayPalTells.Of(world, order, gone, "PAYMENT.AUTHORIZATION.VOIDED");
        return call.WantsAll ? PayPalAnswer.Ok(PayPalWire.Part(order, gone, whole: true)) : new PayPalAnswer(204, null);
    }

    private static PayPalAnswer Refund(PayPalCall call)
    {
        var (world, (order, capture)) = (call.World, call.Part("capture"));
        if (capture.Status == "PENDING") throw PayPalRefusal.Cannot("PENDING_CAPTURE", "Cannot initiate a refund as the capture is pending.");
        if (capture.Status is "DECLINED" or "FAILED") throw PayPalRefusal.Cannot("REFUND_NOT_ALLOWED", "Full refund refused - partial refund has already been done on this payment or it was not captured.");
        var left = Left(order, capture);
        if (left == 0) throw PayPalRefusal.Cannot("CAPTURE_FULLY_REFUNDED", "The capture has already been fully refunded.");
        var (currency, value) = call.Body["amount"] is { } asked ? PayPalMoney.Read(asked, "amount") : (order.Currency, PayPalMoney.Write(left, order.Currency));
        if (currency != order.Currency) throw PayPalRefusal.Cannot("REFUND_CAPTURE_CURRENCY_MISMATCH", "Refund must be in the same currency as the capture.");
        if (PayPalOrder.Number(value) > left) throw PayPalRefusal.Cannot("REFUND_AMOUNT_EXCEEDED", "The refund amount must be less than or equal to the capture amount that has not yet been refunded.");
        var fails = world.Faults.FailRefunds;
        var refund = new PayPalPart("refund", PayPalIds.New(), fails ? "PENDING" : "COMPLETED", value, PayPalCall.Text(call.Body, "custom_id", "refund", 127), capture.Id, world.Now, world.Now, fails ? "ECHECK" : null);
        order = order.With(refund) with { Updated = world.Now };
        order = order.With(capture with { Status = Left(order, capture) == 0 ? "REFUNDED" : "PARTIALLY_REFUNDED", Updated = world.Now });
        world.PayPalOrders.Put(order);
        if (fails) PayPalLater.FailRefund(world, refund.Id);
        else PayPalTells.Of(world, order, refund, "PAYMENT.CAPTURE.REFUNDED");
        return PayPalAnswer.Made(PayPalWire.Part(order, refund, whole: true));
    }

    public static decimal Left(PayPalOrder order, PayPalPart capture) => capture.Amount - order.Refunds.Where(r => r.Of == capture.Id && r.Status != "FAILED").Sum(r => r.Amount);
}
