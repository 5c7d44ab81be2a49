using Guildhall.Foundation.Jobs;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Payments;

/// <summary>Asks the gateway once more about a payment that had ended, because somebody hinted at late money, or at a name of money that had none.</summary>
public sealed record AskOnce(PaymentId Payment) : IJob
{
    public static string Kind => "ask_once";

    internal static async Task Run(JobContext context, AskOnce job)
    {
        if (await Payments.Find(context.Database, job.Payment, context.Stop) is not { IsLive: false, GatewayRef: { } reference } payment) return;
        if (payment is { State: PaymentState.Captured, GatewayPayment: not null }) return;
        var answer = await context.Get<GatewayBook>().Of(payment.Gateway).Look(payment.Id, reference, context.Stop);
        if (answer is GatewayAnswer<PaymentFact>.Accepted(var fact)) await context.Database.InTransaction(tx => SettlePayment.Run(tx, CheckPayment.Source, fact), context.Stop);
        else if (answer is GatewayAnswer<PaymentFact>.Unknown) throw new RunAgainException(TimeSpan.FromMinutes(10));
    }
}
