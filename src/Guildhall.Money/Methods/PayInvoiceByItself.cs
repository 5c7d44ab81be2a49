using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;

namespace Guildhall.Money.Methods;

/// <summary>An invoice was issued to somebody who lets a kept method pay it: it is charged once, without them. A charge that never
/// reached the gateway (its node died) is none and is tried again, three times at most. While they pay it themselves it waits, so that at most one of the two takes
/// money; when it fails, the link of the invoice is still there.</summary>
public sealed record PayInvoiceByItself(OrderId Order) : IJob
{
    public static string Kind => "pay_invoice_by_itself";

    private const int Attempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    internal static async Task Run(JobContext context, PayInvoiceByItself job)
    {
        var (database, gateways) = (context.Database, context.Get<GatewayBook>());
        if (await Orders.Orders.Find(database, job.Order, context.Stop) is not { State: OrderState.Open } order) return;
        var attempts = await Payments.Payments.OfOrder(database, order.Id, context.Stop);
        var tried = attempts.Where(p => p.OffSession).ToArray();
        if (tried.Length >= Attempts || tried.Any(p => !p.IsLive && p.FailureCode != ChargeMethod.NotCharged)) return;
        if (attempts.Any(p => p.IsLive)) throw new RunAgainException(Pause);
        var now = database.Clock.GetUtcNow();
        var gateway = await database.InTransaction(tx => gateways.For(tx, order), context.Stop);
        if ((await SavedMethods.Of(database, order.CustomerId, context.Stop)).FirstOrDefault(m => m.PaysInvoices && !m.IsExpired(now) && string.Equals(m.Gateway, gateway?.Name, StringComparison.Ordinal)) is not { } method) return;

        var customer = Caller.System("invoice_payer") with { AccountId = order.CustomerId };
        var paid = await StartPayment.Run(database, gateways, customer, order.Id, context.Stop, new StartPayment.Body(Method: method.Id), offSession: true);
        if (paid.Refusal?.Code == MoneyRefusals.PaymentInProgress.Code || paid.Refusal?.Code == MoneyRefusals.PaymentsUnavailable.Code) throw new RunAgainException(Pause);
    }
}
