using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Methods;
using Guildhall.Money.Orders;

namespace Guildhall.Money.Payments;

/// <summary>Charges the kept method of a payment that was just committed. The charge is sent once: when its answer is lost, it is looked up by our payment id,
/// and a payment of which the gateway knows nothing after all has failed.</summary>
internal static class ChargeMethod
{
    // What is sent within the first is known to the gateway, or never will be, after the second.
    private static readonly TimeSpan SendWithin = TimeSpan.FromMinutes(1), KnownWithin = TimeSpan.FromMinutes(3);

    /// <summary>Why a payment failed of which the gateway knows nothing: it was never asked.</summary>
    public const string NotCharged = "not_charged";

    /// <summary>The customer's bank takes the charge only when it can ask the customer, who is there: the gateway's page does that.</summary>
    public static bool NeedsPage(Payment payment) => payment is { State: PaymentState.Failed, MethodId: not null, OffSession: false, FailureCode: "authentication_required" };

    public static async Task Send(Database database, GatewayBook gateways, Caller caller, Payment payment, CancellationToken stop)
    {
        if (database.Clock.GetUtcNow() - payment.CreatedAt > SendWithin) return;
        var method = (await SavedMethods.Find(database, payment.MethodId!.Value, stop))!;
        var answer = await gateways.Of(payment.Gateway).Methods.Charge(new ChargeRequest(payment.Id, payment.OrderId, payment.Amount, method.Customer, method.Id, method.Token,
            payment.CaptureLater, payment.OffSession), stop);
        await database.InTransaction(tx => answer switch
        {
            GatewayAnswer<Charge>.Accepted(var charge) => Record(tx, caller, payment, charge),
            GatewayAnswer<Charge>.Refused(var code, var text) => Refused(tx, caller, payment, code, text),
            GatewayAnswer<Charge>.Unknown(var why) => StartPayment.LostAnswer(tx, caller, payment.Id, why),
            _ => throw new InvalidOperationException(),
        }, CancellationToken.None);
    }

    /// <summary>Asks what became of a charge whose answer is not known.</summary>
    public static async Task Find(Database database, GatewayBook gateways, Payment payment, CancellationToken stop)
    {
        var late = database.Clock.GetUtcNow() - payment.CreatedAt > KnownWithin; // before the question, or it might be answered too early
        var method = (await SavedMethods.Find(database, payment.MethodId!.Value, stop))!;
        if (await gateways.Of(payment.Gateway).Methods.FindCharge(payment.Id, method.Customer, payment.CreatedAt, stop) is not GatewayAnswer<Charge?>.Accepted(var found)) return;
        if (found is not null) await database.InTransaction(tx => Record(tx, CheckPayment.Source, payment, found), stop);
        else if (late) await database.InTransaction(tx => Refused(tx, CheckPayment.Source, payment, NotCharged, "The payment company was not reached. Nothing was charged."), stop);
    }

    /// <summary>Looks once more for a charge that the gateway did not know: a node that stood still between looking at its clock and sending sends all the same. False when nobody answers.</summary>
    public static async Task<bool> FindLate(Database database, GatewayBook gateways, Payment payment, CancellationToken stop)
    {
        if (await SavedMethods.Find(database, payment.MethodId!.Value, stop) is not { } method) return true;
        var answer = await gateways.Of(payment.Gateway).Methods.FindCharge(payment.Id, method.Customer, payment.CreatedAt, stop);
        if (answer is GatewayAnswer<Charge?>.Accepted({ Fact: var fact })) await database.InTransaction(tx => SettlePayment.Run(tx, CheckPayment.Source, fact), stop);
        return answer is not GatewayAnswer<Charge?>.Unknown;
    }

    private static async Task Record(Transaction tx, Caller caller, Payment payment, Charge charge)
    {
        if (charge.Fact is { State: FactState.Open, GatewayPayment: { } reference }) await StartPayment.Opened(tx, caller, payment.Id, new Opening(reference, charge.Page));
        else await SettlePayment.Run(tx, CheckPayment.Source, charge.Fact);
    }

    private static async Task Refused(Transaction tx, Caller caller, Payment payment, string code, string text)
    {
        await StartPayment.Refused(tx, caller, payment, code, text);
        if (code == NotCharged) await AskOnce.ADayAfter(tx, payment.Id);
        await tx.Enqueue(new AskAboutMethod(payment.MethodId!.Value), uniqueKey: payment.MethodId.Value.ToString()); // perhaps it is kept no longer
        if (!payment.OffSession) return;
        var order = (await Orders.Orders.Lock(tx, payment.OrderId))!;
        await tx.Publish(new OrderPaymentFailed(order.Id, order.Purpose, order.SubjectId, order.CustomerId, text, payment.Gateway));
    }
}
