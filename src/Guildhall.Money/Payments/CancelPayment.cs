using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Payments;

/// <summary>Starting over: the page is closed at the gateway first and its answer waited for, since the customer may just have paid. The state
/// changes only by what the gateway then says.</summary>
public static class CancelPayment
{
    internal static void Map(IEndpointRouteBuilder payments) => payments
        .MapPost("/{id}/actions/cancel", async (PaymentId id, Caller caller, Database database, GatewayBook gateways, CancellationToken stop) =>
            (await Run(database, gateways, caller, id, stop)).ToHttp())
        .WithName(nameof(CancelPayment)).RequiresSignIn().Idempotent().Produces<PaymentView>();

    public static async Task<Result<PaymentView>> Run(Database database, GatewayBook gateways, Caller caller, PaymentId id, CancellationToken stop)
    {
        var payment = await Payments.Find(database, id, stop);
        if (payment is null || !caller.Is(payment.CustomerId)) return MoneyRefusals.PaymentNotFound;
        if (payment.State == PaymentState.Cancelled) return payment.ToView();
        if (!payment.IsLive) return MoneyRefusals.PaymentNotCancellable;

        if (payment.State == PaymentState.Capturing) return MoneyRefusals.CaptureInProgress;
        if (!CheckPayment.CanClose(gateways.Of(payment.Gateway), payment)) return MoneyRefusals.PaymentNotClosable;

        await database.InTransaction(tx => Ask(tx, caller, id, "The customer starts over."), stop);
        payment = await CheckPayment.Ask(database, gateways, (await Payments.Find(database, id, stop))!, stop);
        return payment.ToView();
    }

    /// <summary>Records the wish and queues the question; for callers inside a transaction that holds the order.</summary>
    internal static async Task Ask(Transaction tx, Caller caller, PaymentId id, string why)
    {
        if (await tx.ChangeNow(MarkAsked, new { id, now = tx.Now }) == 0) return;
        await Timeline.Note(tx, caller, id, "cancel_asked", new { why });
        await tx.Audit(caller, "payment.cancel_asked", "payment", id.ToString(), why: why);
        await tx.Enqueue(new CloseAtGateway(id), uniqueKey: id.ToString());
    }

    private const string MarkAsked = """
        update money.payments set cancel_asked = true, changed_at = @now
        where id = @id and not cancel_asked and state in ('created', 'requires_action', 'authorized', 'unknown')
        """;
}

/// <summary>Closes the gateway's page of a payment that was asked to be cancelled, until the gateway has answered.</summary>
public sealed record CloseAtGateway(PaymentId Payment) : IJob
{
    public static string Kind => "close_at_gateway";

    internal static Task Run(JobContext context, CloseAtGateway job) => CheckPayment.Run(context, new CheckPayment(job.Payment));
}
