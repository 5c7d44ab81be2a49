using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money.Orders;

namespace Guildhall.Money.Gateways;

/// <summary>A payment gateway. No call is made inside a transaction. Every call that has an effect carries our own reference, by which the gateway
/// deduplicates and by which the effect can be looked up; an answer that was lost is <see cref="GatewayAnswer{T}.Unknown"/>, never an exception.</summary>
public interface IGateway
{
    /// <summary>Stable name in addresses and rows, lower case.</summary>
    string Name { get; }

    /// <summary>What it is able to do. The product refuses what it cannot before any call.</summary>
    Capabilities Can { get; }

    /// <summary>The smallest step of an amount the gateway can move, in minor units (Stripe takes KWD in tens of fils).</summary>
    long Step(Currency currency) => Can.Step(currency);

    /// <summary>Opens the payment: a page on which the customer pays exactly this amount, or a question on the customer's phone.</summary>
    Task<GatewayAnswer<Opening>> Create(GatewayPaymentRequest request, CancellationToken stop);

    /// <summary>What the gateway says about a payment now. Where money only moves at our call once the customer has agreed, that call is made here.</summary>
    Task<GatewayAnswer<PaymentFact>> Fetch(PaymentId payment, string reference, CancellationToken stop);

    /// <summary>The same of a payment that has ended here: nothing is taken.</summary>
    Task<GatewayAnswer<PaymentFact>> Look(PaymentId payment, string reference, CancellationToken stop) => Fetch(payment, reference, stop);

    /// <summary>Takes held money. The fact tells all that was taken of this payment so far.</summary>
    Task<GatewayAnswer<PaymentFact>> Capture(CaptureRequest request, CancellationToken stop);

    /// <summary>Makes sure the page can no longer be paid; answers what became of the payment, which may be paid.</summary>
    Task<GatewayAnswer<PaymentFact>> Cancel(PaymentId payment, string reference, CancellationToken stop);

    Task<GatewayAnswer<RefundFact>> Refund(RefundId refund, string gatewayPayment, Amount amount, CancellationToken stop);

    /// <summary>Looks a refund up, by our reference where the gateway keeps it; accepted with null when the gateway surely has none.</summary>
    Task<GatewayAnswer<RefundFact?>> FindRefund(RefundSought sought, CancellationToken stop);

    /// <summary>The methods it keeps for customers, when it can: <see cref="Capabilities.SavedMethods"/>.</summary>
    IGatewayMethods Methods => AbsentMethods.Here;

    /// <summary>How calls went lately.</summary>
    PartyStatus Status { get; }

    /// <summary>Real money moves. False for a sandbox and for a test set-up.</summary>
    bool Live { get; }

    /// <summary>Origin of the page that customers are sent to; null when they are sent nowhere. A form of ours may lead there and to no other site.</summary>
    Uri? Pages => null;

    /// <summary>A question that changes nothing and is answered only to us: address and key are right when it is accepted. The text says what was asked.</summary>
    Task<GatewayAnswer<string>> Ask(CancellationToken stop) => Task.FromResult<GatewayAnswer<string>>(new GatewayAnswer<string>.Unknown("This gateway has no question that changes nothing."));

    /// <summary>Weighs a message that came in at <c>/webhooks/{name}</c>, over the raw bytes: proven, a hint, or neither.</summary>
    Heard Hear(Message message, DateTimeOffset now);

    /// <summary>The fact a proven message tells (decrypted here when the gateway encrypts), or null for one that tells nothing we act on.</summary>
    GatewayFact? ReadWebhook(ReadOnlyMemory<byte> body);

    /// <summary>Which payment a browser says it comes back from, at <c>/return/{name}</c> without a payment in the address. Nothing else of it is read.</summary>
    PaymentId? ReadReturn(Message message) => null;
}

/// <summary>What came back from a gateway call.</summary>
public abstract record GatewayAnswer<T>
{
    private GatewayAnswer() { }

    /// <summary>The gateway did it, or says how it is.</summary>
    public sealed record Accepted(T Value) : GatewayAnswer<T>;

    /// <summary>The gateway surely did nothing, and would not do it if asked again.</summary>
    public sealed record Refused(string Code, string Text) : GatewayAnswer<T>;

    /// <summary>Nobody knows whether the gateway did it: ask by our reference, do not repeat.</summary>
    public sealed record Unknown(string Why) : GatewayAnswer<T>;
}

/// <summary>A payment to be opened. The request is the same every time it is repeated: a gateway refuses one key with two requests.
/// <c>Phone</c>: where the customer is asked, with country code and digits only, for gateways that ask by phone.
/// <c>KeepFor</c>: the gateway's name of the customer for whom the method is to be kept, as the customer asked.</summary>
public sealed record GatewayPaymentRequest(PaymentId Payment, OrderId Order, Amount Amount, IReadOnlyList<OrderLine> Lines, DateTimeOffset StartedAt, bool CaptureLater = false, string? Phone = null, string? KeepFor = null);

/// <summary>Held money to be taken. <c>Final</c>: the rest is let go.</summary>
public sealed record CaptureRequest(CaptureId Capture, PaymentId Payment, string GatewayPayment, Amount Amount, bool Final);

/// <summary>A refund to be looked up. <c>Reference</c>: the gateway's name of it, null while no answer has told one.</summary>
public sealed record RefundSought(RefundId Refund, string GatewayPayment, Amount Amount, string? Reference, DateTimeOffset AskedAt);

/// <summary>An opened payment: the gateway's reference, and the page to send the customer to; without a page the customer was asked elsewhere (on
/// the phone) and the gateway tells the outcome later.</summary>
public sealed record Opening(string Reference, string? Page = null);

/// <summary>Something a gateway says is true: from a verified webhook or from our own question, never from a browser.</summary>
public abstract record GatewayFact;

public enum FactState { Open, Authorized, Captured, Failed, Cancelled, Expired }

/// <summary>About a payment of ours or a refund of one, in an amount or currency we cannot read: for a person.</summary>
public sealed record UnreadableFact(PaymentId? Payment, RefundId? Refund, string Reported) : GatewayFact;

/// <summary>About a payment, named by our id. The amount is what was asked, held, or, once captured, all that was taken so far. <c>Declined</c>: the last try was refused, the page is still open.</summary>
public sealed record PaymentFact(PaymentId Payment, FactState State, Amount Amount, string? GatewayPayment = null, string? Code = null, string? Text = null, bool Declined = false) : GatewayFact;

public enum RefundFactState { Pending, Completed, Failed }

/// <summary>About a refund, named by our id.</summary>
public sealed record RefundFact(RefundId Refund, RefundFactState State, Amount Amount, string Reference, string? Text = null) : GatewayFact;

/// <summary>Something became of the refund that the gateway calls so, and the message does not prove what: the gateway is asked.</summary>
public sealed record RefundHint(string Reference) : GatewayFact;
