using System.Net;
using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Guildhall.Money.Gateways.Paytm;

/// <summary>Paytm's payment page and refunds. Its callback, by browser or by server, is a hint under a checksum: the order is asked about. Written from its documentation
/// and official packages and tried against the sandbox's stand-in only, never against the live service.</summary>
internal sealed class PaytmGateway(PaytmApi api, PaytmOptions options, TimeProvider clock) : IGateway
{
    private const int MaxFields = 60;

    public string Name => "paytm";

    public PartyStatus Status => api.Status;

    /// <summary>Where the form of our own page leads.</summary>
    public Uri? Pages => new(options.Api.GetLeftPart(UriPartial.Authority));

    /// <summary>Real money moves.</summary>
    public bool Live => options.IsLive;

    // A page cannot be closed; a token that is not used lapses.
    public Capabilities Can { get; } = new() { Close = false, Currencies = new HashSet<string>(["INR"], StringComparer.Ordinal), Senders = options.Senders };

    public async Task<GatewayAnswer<Opening>> Create(GatewayPaymentRequest request, CancellationToken stop)
    {
        if (PaytmAmounts.Write(request.Amount) is not { } amount) return new GatewayAnswer<Opening>.Refused("not_rupees", "Paytm moves rupees only.");
        var order = request.Payment.ToString();
        var answer = await api.Post($"/theia/api/v1/initiateTransaction?mid={WebUtility.UrlEncode(options.Mid)}&orderId={order}", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["requestType"] = "Payment",
            ["mid"] = options.Mid,
            ["websiteName"] = options.Website,
            ["orderId"] = order,
            ["callbackUrl"] = new Uri(options.ReturnTo, $"/return/{Name}/{order}").AbsoluteUri,
            ["txnAmount"] = new { value = amount, currency = "INR" },
            ["userInfo"] = new { custId = request.Order.ToString() },
        }, stop);
        return answer switch
        {
            PaytmAnswer.Said { Status: "S" } said => PaytmEnvelope.Text(said.Body, "txnToken") is { Length: >= 1 and <= 200 } token
                ? new GatewayAnswer<Opening>.Accepted(new Opening(PaytmNames.Reference(request.Payment, request.StartedAt), Page(order, token)))
                : new GatewayAnswer<Opening>.Unknown("The answer has no token."),
            // A repeat that is not given the token again: nobody was told it, so nobody can pay by it.
            PaytmAnswer.Said said => new GatewayAnswer<Opening>.Refused(said.Code, said.Text),
            PaytmAnswer.Lost(var why) => new GatewayAnswer<Opening>.Unknown(why),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>About an order that there is not. Their numbers for a wrong checksum are from their packages; any other word of theirs is an answer to us.</summary>
    public async Task<GatewayAnswer<string>> Ask(CancellationToken stop) =>
        await api.Post("/v3/order/status", new { mid = options.Mid, orderId = new PaymentId(Guid.CreateVersion7(clock.GetUtcNow())).ToString() }, stop) switch
        {
            PaytmAnswer.Said { Code: "330" or "2013" or "2023" } said => new GatewayAnswer<string>.Refused(said.Code, said.Text),
            PaytmAnswer.Said => new GatewayAnswer<string>.Accepted("the state of an order that there is not"),
            PaytmAnswer.Lost(var why) => new GatewayAnswer<string>.Unknown(why),
            _ => throw new InvalidOperationException(),
        };

    // Paytm's page wants to be entered by a form; ours has it.
    private string Page(string order, string token) => new Uri(options.ReturnTo, $"/handover/paytm?order={order}&token={WebUtility.UrlEncode(token)}").AbsoluteUri;

    public async Task<GatewayAnswer<PaymentFact>> Fetch(PaymentId payment, string reference, CancellationToken stop) =>
        await api.Post("/v3/order/status", new { mid = options.Mid, orderId = payment.ToString() }, stop) switch
        {
            PaytmAnswer.Said said => PaytmReading.Order(payment, reference, said, clock.GetUtcNow()) is { } fact ? new GatewayAnswer<PaymentFact>.Accepted(fact) : new GatewayAnswer<PaymentFact>.Unknown($"{said.Status} {said.Code}"),
            PaytmAnswer.Lost(var why) => new GatewayAnswer<PaymentFact>.Unknown(why),
            _ => throw new InvalidOperationException(),
        };

    public Task<GatewayAnswer<PaymentFact>> Capture(CaptureRequest request, CancellationToken stop) =>
        Task.FromResult<GatewayAnswer<PaymentFact>>(new GatewayAnswer<PaymentFact>.Refused("not_possible", "Money is not held here."));

    public Task<GatewayAnswer<PaymentFact>> Cancel(PaymentId payment, string reference, CancellationToken stop) => Fetch(payment, reference, stop);

    public async Task<GatewayAnswer<RefundFact>> Refund(RefundId refund, string gatewayPayment, Amount amount, CancellationToken stop)
    {
        if (PaytmNames.Money(gatewayPayment) is not var (order, transaction) || PaytmAmounts.Write(amount) is not { } text)
            return new GatewayAnswer<RefundFact>.Refused("not_paytm", "This is no money of Paytm's.");
        var answer = await api.Post("/refund/apply", new { mid = options.Mid, txnType = "REFUND", orderId = order, txnId = transaction, refId = refund.ToString(), refundAmount = text, comments = "Refund" }, stop);
        return answer switch
        {
            PaytmAnswer.Said { Code: "617" } => new GatewayAnswer<RefundFact>.Accepted(new RefundFact(refund, RefundFactState.Pending, amount, "")), // they have it already
            PaytmAnswer.Said { Status: "TXN_FAILURE" or "F" } said => new GatewayAnswer<RefundFact>.Refused(said.Code, said.Text),
            PaytmAnswer.Said said => PaytmReading.Refund(refund, said) is { } fact ? new GatewayAnswer<RefundFact>.Accepted(fact) : new GatewayAnswer<RefundFact>.Unknown($"{said.Status} {said.Code}"),
            PaytmAnswer.Lost(var why) => new GatewayAnswer<RefundFact>.Unknown(why),
            _ => throw new InvalidOperationException(),
        };
    }

    public async Task<GatewayAnswer<RefundFact?>> FindRefund(RefundSought sought, CancellationToken stop)
    {
        if (PaytmNames.Money(sought.GatewayPayment) is not var (order, _)) return new GatewayAnswer<RefundFact?>.Refused("not_paytm", "This is no money of Paytm's.");
        return await api.Post("/v2/refund/status", new { mid = options.Mid, orderId = order, refId = sought.Refund.ToString() }, stop) switch
        {
            // Sent again under the same name it is the same refund.
            PaytmAnswer.Said said when said.Status is "TXN_FAILURE" or "F" && PaytmReading.IsNothingYet(said) => new GatewayAnswer<RefundFact?>.Accepted(null),
            PaytmAnswer.Said said => PaytmReading.Refund(sought.Refund, said) is { } fact ? new GatewayAnswer<RefundFact?>.Accepted(fact) : new GatewayAnswer<RefundFact?>.Unknown($"{said.Status} {said.Code}"),
            PaytmAnswer.Lost(var why) => new GatewayAnswer<RefundFact?>.Unknown(why),
            _ => throw new InvalidOperationException(),
        };
    }

    // The checksum says who speaks but not when: an old message is as good as a new one, so what it says is asked about.
    public Heard Hear(Message message, DateTimeOffset now)
    {
        var order = message.Headers.ContentType.ToString().StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
            ? PaytmEnvelope.Open(message.Body, options.Key) is { Signed: true } opened ? PaytmEnvelope.Text(opened.Body, "orderId") : null
            : Fields(message.Body) is { } fields && PaytmSignature.Holds(PaytmSignature.Join(fields), options.Key, fields.GetValueOrDefault("CHECKSUMHASH"))
                && string.Equals(fields.GetValueOrDefault("MID"), options.Mid, StringComparison.Ordinal) ? fields.GetValueOrDefault("ORDERID") : null;
        return Id.TryParse<PaymentId>(order, out var payment) ? new Heard.Hint(payment) : new Heard.Refused();
    }

    public GatewayFact? ReadWebhook(ReadOnlyMemory<byte> body) => null; // nothing is believed by its own word

    public PaymentId? ReadReturn(Message message) => Fields(message.Body) is { } fields && Id.TryParse<PaymentId>(fields.GetValueOrDefault("ORDERID"), out var payment) ? payment : null;

    private static Dictionary<string, string?>? Fields(ReadOnlyMemory<byte> body)
    {
        if (body.Length > 64 * 1024) return null;
        string text;
        try { text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body.Span); }
        catch (ArgumentException) { return null; }
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, values) in QueryHelpers.ParseQuery(text))
        {
            if (values.Count != 1 || fields.Count == MaxFields) return null;
            fields[name] = values[0];
        }
        return fields;
    }
}
