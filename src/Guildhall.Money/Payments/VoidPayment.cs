using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Payments;

/// <summary>Lets held money go: records the wish, after which nothing can be captured, and has the gateway asked. authorized → cancelled only by what the
/// gateway then says.</summary>
public static class VoidPayment
{
    public sealed record Body(string Reason);

    private sealed record Held(OrderId OrderId, PaymentState State, string Gateway, bool CancelAsked);

    internal static void Map(IEndpointRouteBuilder payments) => payments
        .MapPost("/{id}/actions/void", async (PaymentId id, Body body, Caller caller, Database database, GatewayBook gateways, CancellationToken stop) =>
            (await Run(database, gateways, caller, id, body.Reason, stop)).ToHttp(success: 202))
        .WithName(nameof(VoidPayment)).Requires(MoneyPermissions.PaymentCapture).Idempotent().Produces<PaymentView>(202);

    public static async Task<Result<PaymentView>> Run(Database database, GatewayBook gateways, Caller caller, PaymentId id, string reason, CancellationToken stop)
    {
        var asked = await database.InTransaction(tx => Ask(tx, gateways, caller, id, reason), stop);
        return asked.Granted ? (await Payments.Find(database, id, stop))!.ToView() : asked.Refusal;
    }

    /// <summary>The same in the caller's transaction.</summary>
    public static async Task<Result<Done>> Ask(Transaction tx, GatewayBook gateways, Caller caller, PaymentId id, string reason)
    {
        if (reason is not { Length: >= 1 and <= 500 }) return MoneyRefusals.ReasonMissing;
        var payment = await tx.Find<Held>("""
            select o.id as order_id, p.state, p.gateway, p.cancel_asked from money.orders o join money.payments p on p.order_id = o.id where p.id = @id for update of o, p
            """, new { id });
        if (payment is null) return MoneyRefusals.PaymentNotFound;
        if (payment.State == PaymentState.Capturing) return MoneyRefusals.CaptureInProgress;
        if (payment.State == PaymentState.Cancelled || payment is { State: PaymentState.Authorized, CancelAsked: true }) return default(Done);
        if (payment.State != PaymentState.Authorized) return MoneyRefusals.PaymentNotAuthorized.With(("state", payment.State));
        if (!gateways.Of(payment.Gateway).Can.Void) return MoneyRefusals.VoidNotPossible;
        await CancelPayment.Ask(tx, caller, id, reason);
        tx.Hint($"order:{payment.OrderId}");
        return default(Done);
    }
}
