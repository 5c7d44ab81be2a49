using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Money.Payments;

/// <summary>The states of a payment; the diagram is in this module's README.</summary>
public enum PaymentState { Created, RequiresAction, Authorized, Capturing, Captured, Failed, Cancelled, Expired, Unknown }

/// <summary>A payment as the API shows it. <c>Authorized</c> was held of the amount, <c>Capturing</c> is being taken,
/// <c>Captured</c> was taken; <c>Refunded</c> counts refunds that were asked for and have not failed.</summary>
public sealed record PaymentView(PaymentId Id, OrderId OrderId, Guid CustomerId, Guid ProviderId, PaymentState State, string Says, int Attempt, Amount Amount, Amount Authorized, Amount Capturing, Amount Captured,
    Amount Refunded, string Gateway, string? RedirectUrl, string? FailureCode, string? FailureText, DateTimeOffset CreatedAt, DateTimeOffset? AuthorizedUntil, DateTimeOffset? CapturedAt,
    PaidWith? Method);

/// <summary>The kept method that a payment is made with.</summary>
public sealed record PaidWith(SavedMethodId Id, string Brand, string Last4);

internal sealed record Payment(PaymentId Id, OrderId OrderId, Guid CustomerId, Guid ProviderId, string Gateway, int Attempt, PaymentState State, Currency Currency,
    long AmountMinor, string? GatewayRef, string? GatewayPayment, string? RedirectUrl, string? FailureCode, string? FailureText, bool CancelAsked, int Checks,
    DateTimeOffset CreatedAt, DateTimeOffset? CapturedAt, long AuthorizedMinor, long CapturingMinor, long CapturedMinor, long RefundedMinor,
    bool CaptureLater, DateTimeOffset? AuthorizedUntil, bool HoldOver, bool KeepMethod, SavedMethodId? MethodId, bool OffSession, string? Brand, string? Last4)
{
    public Amount Amount => new(AmountMinor, Currency);
    public bool IsLive => IsLiveIn(State);

    /// <summary>Whether it has not ended.</summary>
    public static bool IsLiveIn(PaymentState state) =>
        state is PaymentState.Created or PaymentState.RequiresAction or PaymentState.Authorized or PaymentState.Capturing or PaymentState.Unknown;


    public PaymentView ToView() => new(Id, OrderId, CustomerId, ProviderId, State, Payments.Says(State, Gateway, asked: RedirectUrl is null, kept: MethodId is not null), Attempt, Amount,
        Of(AuthorizedMinor), Of(CapturingMinor), Of(CapturedMinor), Of(RefundedMinor), Gateway,
        State == PaymentState.RequiresAction && !CancelAsked ? RedirectUrl : null, FailureCode, FailureText, CreatedAt, AuthorizedUntil, CapturedAt,
        MethodId is { } method ? new PaidWith(method, Brand!, Last4!) : null);

    private Amount Of(long minor) => new(minor, Currency);
}

internal static class Payments
{
    public const string Columns = """
        p.id, p.order_id, o.customer_id, o.provider_id, p.gateway, p.attempt, p.state, p.currency, p.amount_minor, p.gateway_ref, p.gateway_payment, p.redirect_url,
        p.failure_code, p.failure_text, p.cancel_asked, p.checks, p.created_at, p.captured_at, g.authorized_minor, g.capturing_minor, g.captured_minor, g.refunded_minor,
        p.capture_later, p.authorized_until, p.hold_over, p.keep_method, p.method_id, p.off_session, m.brand, m.last4
        """;

    public const string From = "from money.payments p join money.orders o on o.id = p.order_id join money.payment_guards g on g.payment_id = p.id left join money.saved_methods m on m.id = p.method_id";

    public static Task<Payment?> Find(Database database, PaymentId id, CancellationToken stop) =>
        database.Find<Payment>($"select {Columns} {From} where p.id = @id", new { id }, stop);

    public static Task<IReadOnlyList<Payment>> OfOrder(Database database, OrderId order, CancellationToken stop) =>
        database.List<Payment>($"select {Columns} {From} where p.order_id = @order order by p.attempt desc limit 50", new { order }, stop);

    /// <summary>A sentence a customer understands: the state, why, and the next step.</summary>
    public static string Says(PaymentState state, string gateway, bool asked, bool kept) => state switch
    {
        PaymentState.Created => "The payment is being prepared.",
        PaymentState.RequiresAction when asked && kept => "Your bank is working on it. This page changes when it has answered.",
        PaymentState.RequiresAction when kept => "Your bank wants to ask you before it pays.",
        PaymentState.RequiresAction when asked => "Confirm the payment on your phone. This page changes when you have.",
        PaymentState.RequiresAction => "Waiting for you at the payment page.",
        PaymentState.Authorized => "The amount is reserved on your card and will be charged when the service is confirmed.",
        PaymentState.Capturing => "The amount is being charged.",
        PaymentState.Captured => "Paid.",
        PaymentState.Failed => "The payment was refused. Nothing was charged. Try again or use another card.",
        PaymentState.Cancelled => "The payment was cancelled. Nothing was charged.",
        PaymentState.Expired => "The payment page was not used in time. Nothing was charged.",
        PaymentState.Unknown => $"Waiting for the payment provider: {gateway} has not answered yet. We keep asking; you will not be charged twice.",
    };
}
