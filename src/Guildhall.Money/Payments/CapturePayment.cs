using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Payments;

/// <summary>authorized → capturing: records how much of the held money is to be taken and queues the gateway call. At most what is held, one at a time, on the
/// guard row; the last part lets the rest go. The gateway's answer, whoever brings it, goes to <see cref="SettlePayment"/>.</summary>
public static class CapturePayment
{
    /// <summary>All that is held when no amount is given. <c>Final</c>: the rest is let go; only some gateways can take more later.</summary>
    public sealed record Body(Amount? Amount = null, bool Final = true);

    private sealed record Held(PaymentId Id, OrderId OrderId, PaymentState State, string Gateway, Currency Currency, long StepMinor, bool CancelAsked, bool HoldOver,
        DateTimeOffset? AuthorizedUntil, DateTimeOffset? ReleasedAt, long AuthorizedMinor, long CapturingMinor, long CapturedMinor);

    internal static void Map(IEndpointRouteBuilder payments) => payments
        .MapPost("/{id}/actions/capture", async (PaymentId id, Body body, Caller caller, Database database, GatewayBook gateways, CancellationToken stop) =>
            (await Run(database, gateways, caller, id, body, stop)).ToHttp(success: 202))
        .WithName(nameof(CapturePayment)).Requires(MoneyPermissions.PaymentCapture).Idempotent().Produces<PaymentView>(202);

    public static async Task<Result<PaymentView>> Run(Database database, GatewayBook gateways, Caller caller, PaymentId id, Body body, CancellationToken stop)
    {
        var asked = await database.InTransaction(tx => Ask(tx, gateways, caller, id, body.Amount, body.Final), stop);
        return asked.Is(out _, out var refusal) ? (await Payments.Find(database, id, stop))!.ToView() : refusal;
    }

    /// <summary>The same in the caller's transaction, for a module that decides on its order.</summary>
    public static async Task<Result<CaptureId>> Ask(Transaction tx, GatewayBook gateways, Caller caller, PaymentId id, Amount? wanted = null, bool final = true)
    {
        var payment = await tx.Find<Held>(Lock, new { id });
        if (payment is null) return MoneyRefusals.PaymentNotFound;
        var capture = caller.OperationId is { } operation ? new CaptureId(operation) : tx.NewId<CaptureId>();
        if (await tx.Find<CaptureId?>("select id from money.captures where id = @capture and payment_id = @id", new { capture, id }) is { } mine) return mine;
        if (Objection(payment, tx.Now) is { } objection) return objection;

        var can = gateways.Of(payment.Gateway).Can;
        var left = new Amount(payment.AuthorizedMinor - payment.CapturedMinor, payment.Currency);
        var amount = wanted ?? left;
        if (amount.Currency != payment.Currency) return MoneyRefusals.WrongCurrency;
        if (!amount.IsPositive) return MoneyRefusals.AmountNotPositive;
        if (amount > left) return MoneyRefusals.CaptureTooLarge.With(("left", left));
        if (amount.Minor % payment.StepMinor != 0) return MoneyRefusals.AmountNotRepresentable.With(("step", new Amount(payment.StepMinor, payment.Currency)));
        if (amount < left && !can.PartialCapture) return MoneyRefusals.CapturePartNotPossible.With(("held", left));
        if (!can.SeveralCaptures && (payment.CapturedMinor > 0 || !final)) return MoneyRefusals.CaptureAgainNotPossible;

        await Write(tx, caller, payment, capture, amount, final || amount == left);
        return capture;
    }

    private static Refusal? Objection(Held payment, DateTimeOffset now) => payment switch
    {
        { CapturingMinor: > 0 } or { State: PaymentState.Capturing } => MoneyRefusals.CaptureInProgress,
        { State: not (PaymentState.Authorized or PaymentState.Captured) } or { HoldOver: true } => MoneyRefusals.PaymentNotAuthorized.With(("state", payment.State)),
        { State: PaymentState.Captured } when payment.CapturedMinor >= payment.AuthorizedMinor => MoneyRefusals.PaymentNotAuthorized.With(("state", payment.State)),
        { CancelAsked: true } => MoneyRefusals.VoidInProgress,
        { ReleasedAt: not null } => MoneyRefusals.OrderReleased,
        _ when payment.AuthorizedUntil <= now => MoneyRefusals.AuthorizationOver.With(("until", payment.AuthorizedUntil)),
        _ => null,
    };

    private static async Task Write(Transaction tx, Caller caller, Held payment, CaptureId capture, Amount amount, bool final)
    {
        await tx.ChangeOne(Insert, new { capture, payment.Id, amount.Currency, amount.Minor, final, by = caller.AccountId, now = tx.Now });
        await tx.ChangeOne("update money.payment_guards set capturing_minor = @Minor where payment_id = @Id and capturing_minor = 0", new { payment.Id, amount.Minor });
        if (payment.State == PaymentState.Authorized)
            await tx.ChangeOne("update money.payments set state = 'capturing', changed_at = @now where id = @Id and state = 'authorized'", new { payment.Id, now = tx.Now });
        await Timeline.Note(tx, caller, payment.Id, "capture_asked", new { capture, amount, final });
        await tx.Audit(caller, "payment.capture_asked", "payment", payment.Id.ToString(), before: new { payment.State }, after: new { capture, amount, final });
        await tx.Enqueue(new SendCapture(capture), uniqueKey: capture.ToString());
        tx.Hint($"order:{payment.OrderId}");
    }

    private const string Lock = """
        select p.id, p.order_id, p.state, p.gateway, p.currency, p.step_minor, p.cancel_asked, p.hold_over, p.authorized_until, o.released_at,
            g.authorized_minor, g.capturing_minor, g.captured_minor
        from money.orders o join money.payments p on p.order_id = o.id join money.payment_guards g on g.payment_id = p.id
        where p.id = @id for update of o, p, g
        """;

    private const string Insert = """
        insert into money.captures (id, payment_id, state, currency, minor, final, requested_by, created_at)
        values (@capture, @Id, 'pending', @Currency, @Minor, @final, @by, @now)
        """;
}
