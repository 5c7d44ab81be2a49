using Guildhall.Foundation.Data;

namespace Guildhall.Money.Payments;

/// <summary>Somebody came back from a payment page: the gateway is asked now. Nothing of what the browser brought is believed or needed.</summary>
public static class AskAgain
{
    private sealed record Found(OrderId OrderId, string Gateway, PaymentState State);

    /// <summary>The payment's order, or null when there is no such payment at that gateway. Asked any number of times, one question is queued.</summary>
    public static Task<OrderId?> Run(Database database, string gateway, PaymentId id, CancellationToken stop) => database.InTransaction<OrderId?>(async tx =>
    {
        var payment = await tx.Find<Found>("select order_id, gateway, state from money.payments where id = @id", new { id });
        if (payment is null || !string.Equals(payment.Gateway, gateway, StringComparison.Ordinal)) return null;
        if (payment.State is PaymentState.Created or PaymentState.RequiresAction or PaymentState.Authorized or PaymentState.Capturing or PaymentState.Unknown)
            await tx.EnqueueNow(new CheckPayment(id), uniqueKey: id.ToString());
        return payment.OrderId;
    }, stop);
}
