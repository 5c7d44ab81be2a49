using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Payments;

internal enum CaptureState { Pending, Unknown, Completed, Failed }

/// <summary>Asks the gateway to take held money and follows it until it is known. After a lost answer the gateway is asked how the payment stands before the
/// same request is repeated; after a refusal too, since the hold may have ended meanwhile.</summary>
public sealed record SendCapture(CaptureId Capture) : IJob
{
    public static string Kind => "send_capture";

    private static readonly Caller Source = Caller.System("capture_sender");

    private sealed record Row(CaptureId Id, PaymentId PaymentId, CaptureState State, Currency Currency, long Minor, bool Final, int Checks, string Gateway, string GatewayRef, string GatewayPayment);

    internal static async Task Run(JobContext context, SendCapture job)
    {
        var capture = await Find(context.Database, job.Capture, context.Stop);
        if (capture is null || capture.State is CaptureState.Completed or CaptureState.Failed) return;
        var gateway = context.Get<GatewayBook>().Of(capture.Gateway);
        await context.Database.Change("update money.captures set checks = checks + 1 where id = @Id", new { capture.Id }, context.Stop);

        if (capture is { State: CaptureState.Pending, Checks: 0 } || await Stands(context, gateway, capture))
            await Record(context, gateway, capture, await gateway.Capture(
                new CaptureRequest(capture.Id, capture.PaymentId, capture.GatewayPayment, new Amount(capture.Minor, capture.Currency), capture.Final), context.Stop));

        if (await Find(context.Database, job.Capture, context.Stop) is { State: CaptureState.Pending or CaptureState.Unknown } still)
            throw new RunAgainException(TimeSpan.FromSeconds(Math.Min(3600, 5 * Math.Pow(2, Math.Min(still.Checks, 10)))));
    }

    // Settles what the gateway says; true when it has surely not taken this part.
    private static async Task<bool> Stands(JobContext context, IGateway gateway, Row capture)
    {
        if (await gateway.Fetch(capture.PaymentId, capture.GatewayRef, context.Stop) is not GatewayAnswer<PaymentFact>.Accepted(var fact)) return false;
        await context.Database.InTransaction(tx => SettlePayment.Run(tx, Source, fact), context.Stop);
        return await Find(context.Database, capture.Id, context.Stop) is { State: CaptureState.Pending or CaptureState.Unknown } && fact.State is FactState.Authorized or FactState.Captured;
    }

    private static async Task Record(JobContext context, IGateway gateway, Row capture, GatewayAnswer<PaymentFact> answer)
    {
        if (answer is GatewayAnswer<PaymentFact>.Accepted(var fact)) await context.Database.InTransaction(tx => SettlePayment.Run(tx, Source, fact), context.Stop);
        else if (answer is GatewayAnswer<PaymentFact>.Refused(var code, var text))
        {
            if (await Stands(context, gateway, capture)) await context.Database.InTransaction(tx => SettleCapture.Refused(tx, Source, capture.PaymentId, capture.Id, $"{code}: {text}"), context.Stop);
        }
        else await context.Database.Change("update money.captures set state = 'unknown' where id = @Id and state = 'pending'", new { capture.Id }, context.Stop);
    }

    private static Task<Row?> Find(Database database, CaptureId id, CancellationToken stop) => database.Find<Row>("""
        select c.id, c.payment_id, c.state, c.currency, c.minor, c.final, c.checks, p.gateway, p.gateway_ref, p.gateway_payment
        from money.captures c join money.payments p on p.id = c.payment_id where c.id = @id
        """, new { id }, stop);
}
