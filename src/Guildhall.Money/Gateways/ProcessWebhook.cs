using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Disputes;
using Guildhall.Money.Methods;
using Guildhall.Money.Payments;
using Guildhall.Money.Payouts;
using Guildhall.Money.Refunds;

namespace Guildhall.Money.Gateways;

/// <summary>Reads a stored webhook and settles what it tells, in the transaction that marks it done. A reaction that throws undoes all of it; the
/// job is run again and at last waits for staff as a dead letter: the message is never lost.</summary>
public sealed record ProcessWebhook(long Webhook) : IJob
{
    public static string Kind => "process_webhook";

    private sealed record Row(long Id, string Gateway, byte[] Body);

    internal static JobKind Register(GatewayBook gateways) => JobKind.OnDatabase<ProcessWebhook>((tx, job) => Run(tx, gateways, job));

    private static async Task Run(Transaction tx, GatewayBook gateways, ProcessWebhook job)
    {
        var row = await tx.Find<Row>("select id, gateway, body from money.webhooks where id = @Webhook and state = 'received' for update", new { job.Webhook });
        if (row is null) return;
        var source = Caller.Gateway(row.Gateway);
        var refusal = gateways.Of(row.Gateway).ReadWebhook(row.Body) switch
        {
            PaymentFact fact => (await SettlePayment.Run(tx, source, fact)).Refusal,
            RefundFact fact => (await SettleRefund.Run(tx, source, fact)).Refusal,
            PayoutFact fact => (await SettlePayout.Run(tx, source, fact)).Refusal,
            UnreadableFact fact => await Quarantined.OfUnreadable(tx, source, fact),
            RefundHint hint => await SendRefund.Hear(tx, source, hint),
            MethodFact fact => await AskAboutMethod.Hear(tx, source, fact),
            DisputeFact fact => (await SettleDispute.Hear(tx, source, fact, row.Id)).Refusal,
            _ => Ignored,
        };
        var state = refusal is null ? "done" : refusal == Ignored ? "ignored" : "unmatched";
        await tx.ChangeOne("update money.webhooks set state = @state, note = @note, done_at = @now where id = @Id and state = 'received'", new { row.Id, state, note = refusal?.Code, now = tx.Now });
    }

    // Not an answer to anyone: only tells a message we have no use for from one that names nothing of ours.
    private static readonly Refusal Ignored = new("ignored", 200, "");
}
