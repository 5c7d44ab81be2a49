using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Payments;

/// <summary>Asks the gateway once more about a payment that had ended: when somebody hinted at late money, or at a name of money that had none; and a day
/// after it ended without money, because what was still on its way then has arrived, and every message that said so may be lost.</summary>
public sealed record AskOnce(PaymentId Payment) : IJob
{
    private static readonly TimeSpan Later = TimeSpan.FromDays(1), Soonest = TimeSpan.FromMinutes(10), Longest = TimeSpan.FromDays(31);

    public static string Kind => "ask_once";

    /// <summary>Queues the question of the day after. It has a key of its own: a hint is followed at once all the same.</summary>
    internal static Task ADayAfter(Transaction tx, PaymentId payment) => tx.Enqueue(new AskOnce(payment), runAt: tx.Now + Later, uniqueKey: $"{payment} later");

    internal static async Task Run(JobContext context, AskOnce job)
    {
        var (database, gateways) = (context.Database, context.Get<GatewayBook>());
        if (await Payments.Find(database, job.Payment, context.Stop) is not { IsLive: false } payment || payment is { State: PaymentState.Captured, GatewayPayment: not null }) return;
        var isKnown = payment switch
        {
            { GatewayRef: { } reference } => await Look(database, gateways, payment, reference, context.Stop),
            { MethodId: not null } => await ChargeMethod.FindLate(database, gateways, payment, context.Stop),
            _ => true, // the gateway never had it
        };
        var age = database.Clock.GetUtcNow() - payment.CreatedAt;
        if (!isKnown && age < Longest) throw new RunAgainException(age / 4 > Soonest ? age / 4 : Soonest);
    }

    private static async Task<bool> Look(Database database, GatewayBook gateways, Payment payment, string reference, CancellationToken stop)
    {
        var answer = await gateways.Of(payment.Gateway).Look(payment.Id, reference, stop);
        if (answer is GatewayAnswer<PaymentFact>.Accepted(var fact)) await database.InTransaction(tx => SettlePayment.Run(tx, CheckPayment.Source, fact), stop);
        return answer is not GatewayAnswer<PaymentFact>.Unknown;
    }
}
