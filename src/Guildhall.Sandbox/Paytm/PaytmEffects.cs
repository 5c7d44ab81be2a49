using System.Globalization;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe;
using Guildhall.Sandbox.Webhooks;

namespace Guildhall.Sandbox.Paytm;

internal enum PaytmOutcome { Pay, Decline, Pending, Leave }

/// <summary>What the customer does at the page. The browser is sent back with a signed form, and the merchant's server is told by another one.</summary>
internal static class PaytmEffects
{
    /// <summary>The order as it is then, or null when it cannot be paid.</summary>
    public static PaytmOrder? Pay(World world, string id, PaytmOutcome outcome, Uri? webhook)
    {
        if (world.PaytmOrders.Find(id) is not { } order || order.Status is "TXN_SUCCESS" || order.TokenUntil < world.Now) return null;
        if (outcome == PaytmOutcome.Pay && world.Faults.DeclineNext is > 0 and var declines)
        {
            world.FaultSettings.Put(world.Faults with { DeclineNext = declines - 1 });
            outcome = PaytmOutcome.Decline;
        }

        var (status, code, says) = outcome switch
        {
            PaytmOutcome.Pay => ("TXN_SUCCESS", "01", "Txn Success"),
            PaytmOutcome.Pending => ("PENDING", "402", "Looks like the payment is not complete. Please wait while we confirm the status with your bank."),
            PaytmOutcome.Leave => ("TXN_FAILURE", "141", "User has not completed transaction."),
            _ => ("TXN_FAILURE", "227", "Your payment has been declined by your bank. Please try again or use a different method to complete the payment."),
        };
        var paid = order with { Status = status, Code = code, Says = says, TxnId = order.TxnId ?? $"{world.Now:yyyyMMddHHmmss}{Ids.New("", 18)}", At = world.Now };
        world.PaytmOrders.Put(paid);
        if (webhook is not null) world.Say(new OutMessage(webhook.AbsoluteUri, "application/x-www-form-urlencoded", Form(Fields(paid))));
        return paid;
    }

    /// <summary>Fields of the callback, signed. Which there are depends on the outcome.</summary>
    public static SortedDictionary<string, string> Fields(PaytmOrder order)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["MID"] = PaytmAccount.Mid, ["ORDERID"] = order.Id, ["TXNID"] = order.TxnId ?? "", ["TXNAMOUNT"] = Text(order.Amount), ["CURRENCY"] = "INR", ["STATUS"] = order.Status ?? "TXN_FAILURE",
            ["RESPCODE"] = order.Code ?? "141", ["RESPMSG"] = order.Says ?? "", ["BANKTXNID"] = order.Status is "TXN_SUCCESS" ? "62909899" : "",
        };
        if (order.Status is "TXN_SUCCESS") (fields["PAYMENTMODE"], fields["GATEWAYNAME"], fields["BANKNAME"], fields["TXNDATE"]) = ("UPI", "PPBLC", "", Date(order.At!.Value));
        fields["CHECKSUMHASH"] = PaytmAccount.Sign(string.Join('|', fields.Values));
        return fields;
    }

    public static byte[] Form(SortedDictionary<string, string> fields) =>
        System.Text.Encoding.ASCII.GetBytes(string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}")));

    public static string Date(DateTimeOffset at) => at.ToOffset(new TimeSpan(5, 30, 0)).ToString("yyyy-MM-dd HH:mm:ss.0", CultureInfo.InvariantCulture);

    public static string Text(long paise) => $"{paise / 100}.{paise % 100:00}";
}
