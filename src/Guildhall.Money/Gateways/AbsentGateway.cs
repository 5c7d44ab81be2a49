using Guildhall.Foundation;
using Guildhall.Foundation.Http;

namespace Guildhall.Money.Gateways;

/// <summary>In the place of a gateway that rows name and this installation does not have any more: it takes nothing new and never answers.</summary>
internal sealed class AbsentGateway(string name) : IGateway
{
    private const string Why = "This gateway is not set up.";

    public string Name => name;
    public Capabilities Can { get; } = new() { Currencies = new HashSet<string>(0, StringComparer.Ordinal), Close = false };
    public PartyStatus Status { get; } = new(false, null, null, Why);
    public bool Live => false;

    public Task<GatewayAnswer<Opening>> Create(GatewayPaymentRequest request, CancellationToken stop) => Nothing<Opening>();
    public Task<GatewayAnswer<PaymentFact>> Fetch(PaymentId payment, string reference, CancellationToken stop) => Nothing<PaymentFact>();
    public Task<GatewayAnswer<PaymentFact>> Capture(CaptureRequest request, CancellationToken stop) => Nothing<PaymentFact>();
    public Task<GatewayAnswer<PaymentFact>> Cancel(PaymentId payment, string reference, CancellationToken stop) => Nothing<PaymentFact>();
    public Task<GatewayAnswer<RefundFact>> Refund(RefundId refund, string gatewayPayment, Amount amount, CancellationToken stop) => Nothing<RefundFact>();
    public Task<GatewayAnswer<RefundFact?>> FindRefund(RefundSought sought, CancellationToken stop) => Nothing<RefundFact?>();
    public Heard Hear(Message message, DateTimeOffset now) => new Heard.Refused();
    public GatewayFact? ReadWebhook(ReadOnlyMemory<byte> body) => null;

    private static Task<GatewayAnswer<T>> Nothing<T>() => Task.FromResult<GatewayAnswer<T>>(new GatewayAnswer<T>.Unknown(Why));
}
