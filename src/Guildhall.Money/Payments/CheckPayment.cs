using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Payments;

/// <summary>Asks the gateway how a payment stands, for as long as it has not ended: after a lost answer, a lost webhook, a crash, a browser's
/// return. Asks again after 10 s, 20 s … at most an hour later, and never gives up: waiting is not failing.</summary>
public sealed record CheckPayment(PaymentId Payment) : IJob
{
    public static string Kind => "check_payment";

    internal static readonly Caller Source = Caller.System("payment_check");

    internal static async Task Run(JobContext context, CheckPayment job)
    {
        var payment = await Payments.Find(context.Database, job.Payment, context.Stop);
        if (payment is null || !payment.IsLive) return;
        if (await Ask(context.Database, context.Get<GatewayBook>(), payment, context.Stop) is { IsLive: true } still)
        {
            await context.Database.Change("update money.payments set checks = checks + 1 where id = @Id", new { still.Id }, context.Stop);
            throw new RunAgainException(TimeSpan.FromSeconds(Math.Min(3600, 10 * Math.Pow(2, Math.Min(still.Checks, 9)))));
        }
    }

    internal static bool CanClose(IGateway gateway, Payment payment) => payment.State == PaymentState.Authorized ? gateway.Can.Void : gateway.Can.Close;

    /// <summary>One question now; answers the payment as it stands then.</summary>
    internal static async Task<Payment> Ask(Database database, GatewayBook gateways, Payment payment, CancellationToken stop)
    {
        var gateway = gateways.Of(payment.Gateway);
        // No reference: the answer to opening was lost. Opening again is safe, see StartPayment.Open.
        if (payment is { GatewayRef: null, MethodId: not null }) await (payment.IsLive ? ChargeMethod.Find(database, gateways, payment, stop) : ChargeMethod.FindLate(database, gateways, payment, stop));
        else if (payment.GatewayRef is null) await StartPayment.Open(database, gateways, Source, payment, stop);
        else
        {
            var answer = payment.CancelAsked && CanClose(gateway, payment)
                ? await gateway.Cancel(payment.Id, payment.GatewayRef, stop)
                : payment.IsLive ? await gateway.Fetch(payment.Id, payment.GatewayRef, stop) : await gateway.Look(payment.Id, payment.GatewayRef, stop);
            if (answer is GatewayAnswer<PaymentFact>.Accepted(var fact)) await database.InTransaction(tx => SettlePayment.Run(tx, Source, fact), stop);
        }
        return (await Payments.Find(database, payment.Id, stop))!;
    }
}
