using System.Security.Cryptography;
using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;

namespace Guildhall.Money.Gateways.Mpesa;

/// <summary>M-Pesa by Safaricom's Daraja API: the customer is asked on the phone, the callback is a hint that makes us ask, money goes back by reversal. Written from a mirror
/// of its documentation and tried against the sandbox's stand-in only, never against the live service.</summary>
internal sealed class MpesaGateway(MpesaApi api, MpesaOptions options, TimeProvider clock) : IGateway
{
    private static readonly Reply Taken = new("application/json", """{"ResultCode":0,"ResultDesc":"Accepted"}""");

    public string Name => "mpesa";

    public PartyStatus Status => api.Status;

    /// <summary>There is no page.</summary>
    public Uri? Pages => null;

    /// <summary>Real money moves.</summary>
    public bool Live => options.IsLive;

    public Capabilities Can { get; } = new()
    {
        Refund = options.Initiator is not null, PartialRefund = options.PartialReversal, RefundMayFailFor = TimeSpan.Zero, Close = false, NeedsPhone = true, OpensOnce = true,
        Currencies = new HashSet<string>(["KES"], StringComparer.Ordinal), Step = _ => 100, Senders = options.Senders,
    };

    public Task<GatewayAnswer<string>> Ask(CancellationToken stop) => api.Ask(stop);

    public async Task<GatewayAnswer<Opening>> Create(GatewayPaymentRequest request, CancellationToken stop)
    {
        if (MpesaAmounts.Write(request.Amount) is not { } amount) return new GatewayAnswer<Opening>.Refused("amount_not_whole", "M-Pesa moves whole shillings only.");
        if (MpesaPhone.Of(request.Phone) is not { } phone) return new GatewayAnswer<Opening>.Refused("phone_not_kenyan", "M-Pesa asks Kenyan mobile numbers only, such as 254712345678.");
        var (timestamp, id) = (MpesaSignature.Timestamp(clock.GetUtcNow()), request.Payment.Value.ToString("n"));
        var answer = await api.Post("/mpesa/stkpush/v1/processrequest", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["BusinessShortCode"] = options.ShortCode,
            ["Password"] = MpesaSignature.Password(options.ShortCode, options.Passkey, timestamp),
            ["Timestamp"] = timestamp,
            ["TransactionType"] = options.Till is null ? "CustomerPayBillOnline" : "CustomerBuyGoodsOnline",
            ["Amount"] = amount,
            ["PartyA"] = phone,
            ["PartyB"] = options.Till ?? options.ShortCode,
            ["PhoneNumber"] = phone,
            ["CallBackURL"] = MpesaAddress.OfPayment(options, request.Payment, request.Amount, request.StartedAt),
            ["AccountReference"] = id[^12..],
            ["TransactionDesc"] = "Payment",
        }, stop);
        return answer switch
        {
            MpesaAnswer.Said(var said) when MpesaApi.Text(said, "ResponseCode") is "0" => MpesaReference.IsName(MpesaApi.Text(said, "CheckoutRequestID"))
                ? new GatewayAnswer<Opening>.Accepted(new Opening(new MpesaReference(MpesaApi.Text(said, "CheckoutRequestID")!, request.Amount, request.StartedAt).ToString()))
                : new GatewayAnswer<Opening>.Unknown("The prompt has no name."),
            MpesaAnswer.Said(var said) when MpesaApi.Text(said, "ResponseCode") is { } code => new GatewayAnswer<Opening>.Refused(code, MpesaApi.Sentence(said, "ResponseDescription") ?? ""),
            MpesaAnswer.Fault fault when IsRefusal(fault) || fault.Status == 401 || fault.Code is "404.001.03" or "401.002.01" || Says(fault, "lock subscriber") => new GatewayAnswer<Opening>.Refused(fault.Code, fault.Text),
            MpesaAnswer.Lost { NeverSent: true } => new GatewayAnswer<Opening>.Refused("not_reached", "M-Pesa could not be reached. Nobody was asked."),
            _ => new GatewayAnswer<Opening>.Unknown(Why(answer)),
        };
    }

    public async Task<GatewayAnswer<PaymentFact>> Fetch(PaymentId payment, string reference, CancellationToken stop)
    {
        if (MpesaReference.Of(reference) is not { } prompt) return new GatewayAnswer<PaymentFact>.Unknown("This is no prompt of M-Pesa.");
        var timestamp = MpesaSignature.Timestamp(clock.GetUtcNow());
        var answer = await api.Post("/mpesa/stkpushquery/v1/query", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["BusinessShortCode"] = options.ShortCode,
            ["Password"] = MpesaSignature.Password(options.ShortCode, options.Passkey, timestamp),
            ["Timestamp"] = timestamp,
            ["CheckoutRequestID"] = prompt.Checkout,
        }, stop);
        return MpesaReading.Prompt(payment, prompt, answer, clock.GetUtcNow()) is { } fact ? new GatewayAnswer<PaymentFact>.Accepted(fact) : new GatewayAnswer<PaymentFact>.Unknown(Why(answer));
    }

    public Task<GatewayAnswer<PaymentFact>> Capture(CaptureRequest request, CancellationToken stop) =>
        Task.FromResult<GatewayAnswer<PaymentFact>>(new GatewayAnswer<PaymentFact>.Refused("not_possible", "M-Pesa holds no money."));

    // Nothing takes a prompt back; it lapses.
    public Task<GatewayAnswer<PaymentFact>> Cancel(PaymentId payment, string reference, CancellationToken stop) => Fetch(payment, reference, stop);

    public async Task<GatewayAnswer<RefundFact>> Refund(RefundId refund, string gatewayPayment, Amount amount, CancellationToken stop)
    {
        if (options.Initiator is not { } initiator) return new GatewayAnswer<RefundFact>.Refused("not_possible", "No initiator is set up who may reverse.");
        if (MpesaAmounts.Write(amount) is not { } shillings) return new GatewayAnswer<RefundFact>.Refused("amount_not_whole", "M-Pesa moves whole shillings only.");
        var answer = await api.Post("/mpesa/reversal/v1/request", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Initiator"] = initiator.Name,
            ["SecurityCredential"] = MpesaSignature.SecurityCredential(initiator.Password, initiator.Certificate),
            ["CommandID"] = "TransactionReversal",
            ["TransactionID"] = gatewayPayment,
            ["Amount"] = shillings,
            ["ReceiverParty"] = options.ShortCode,
            ["RecieverIdentifierType"] = "11", // spelt so
            ["ResultURL"] = MpesaAddress.OfRefund(options, "reversal", refund, amount),
            ["QueueTimeOutURL"] = MpesaAddress.OfRefund(options, "timeout", refund, amount),
            ["Remarks"] = "Refund",
            ["Occasion"] = refund.Value.ToString("n"),
        }, stop);
        return answer switch
        {
            MpesaAnswer.Said(var said) when MpesaApi.Text(said, "ResponseCode") is "0" => new GatewayAnswer<RefundFact>.Accepted(new RefundFact(refund, RefundFactState.Pending, amount, MpesaApi.Text(said, "ConversationID") ?? "")),
            MpesaAnswer.Said(var said) when MpesaApi.Text(said, "ResponseCode") is { } code => new GatewayAnswer<RefundFact>.Refused(code, MpesaApi.Sentence(said, "ResponseDescription") ?? ""),
            MpesaAnswer.Fault fault when IsRefusal(fault) => new GatewayAnswer<RefundFact>.Refused(fault.Code, fault.Text),
            _ => new GatewayAnswer<RefundFact>.Unknown(Why(answer)),
        };
    }

    // Nothing answers this at once: the question is sent, and its answer comes as a message about this refund.
    public async Task<GatewayAnswer<RefundFact?>> FindRefund(RefundSought sought, CancellationToken stop)
    {
        if (options.Initiator is not { } initiator) return new GatewayAnswer<RefundFact?>.Unknown("No initiator is set up who may ask.");
        var answer = await api.Post("/mpesa/transactionstatus/v1/query", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Initiator"] = initiator.Name,
            ["SecurityCredential"] = MpesaSignature.SecurityCredential(initiator.Password, initiator.Certificate),
            ["CommandID"] = "TransactionStatusQuery",
            ["TransactionID"] = sought.GatewayPayment,
            ["PartyA"] = options.ShortCode,
            ["IdentifierType"] = "4",
            ["ResultURL"] = MpesaAddress.OfRefund(options, "status", sought.Refund, Amount.Zero(MpesaAmounts.Kes)),
            ["QueueTimeOutURL"] = MpesaAddress.OfRefund(options, "timeout", sought.Refund, Amount.Zero(MpesaAmounts.Kes)),
            ["Remarks"] = "Refund",
            ["Occasion"] = sought.Refund.Value.ToString("n"),
        }, stop);
        return new GatewayAnswer<RefundFact?>.Unknown(answer is MpesaAnswer.Said ? "Asked; the answer comes by message." : Why(answer));
    }

    public Heard Hear(Message message, DateTimeOffset now)
    {
        if (MpesaAddress.Read(options, message) is not { } told) return new Heard.Refused();
        try
        {
            using var document = JsonDocument.Parse(message.Body, new JsonDocumentOptions { MaxDepth = 32 });
            if (told.What is "payment")
            {
                return Id.TryParse<PaymentId>(told.Id, out var payment) && MpesaReading.Callback(document.RootElement, told.Amount, told.At) is { } reference
                    ? new Heard.Hint(payment) { Reference = reference.ToString(), Answer = Taken } : new Heard.Refused();
            }
            var ours = told.What.StartsWith("payout", StringComparison.Ordinal) ? Id.TryParse<PayoutId>(told.Id, out _) : Id.TryParse<RefundId>(told.Id, out _);
            if (!ours || document.RootElement.ValueKind != JsonValueKind.Object) return new Heard.Refused();
            // There is no asking that is answered at once, so here the secret of the address is the proof, as a shared secret is.
            var kept = JsonSerializer.SerializeToUtf8Bytes(new Kept(told.What, told.Id, told.Amount.Minor, now, document.RootElement, told.At));
            return new Heard.Proven($"{told.What}:{told.Id}:{Convert.ToHexStringLower(SHA256.HashData(message.Body.Span))}", told.What) { Kept = kept, Answer = Taken };
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or ArgumentException) { return new Heard.Refused(); }
    }

    /// <summary>A result with what its address says, as it is stored.</summary>
    private sealed record Kept(string What, string Id, long Minor, DateTimeOffset At, JsonElement Said, DateTimeOffset AskedAt = default);

    public GatewayFact? ReadWebhook(ReadOnlyMemory<byte> body)
    {
        if (JsonSerializer.Deserialize<Kept>(body.Span) is not { } kept) return null;
        var amount = new Amount(kept.Minor, MpesaAmounts.Kes);
        if (Id.TryParse<PayoutId>(kept.Id, out var payout)) return kept.What switch
        {
            "payout" => MpesaPayoutReading.Result(payout, amount, kept.Said),
            "payout_status" => MpesaPayoutReading.Status(payout, amount, kept.Said, kept.At - kept.AskedAt, options.NotFound),
            _ => null, // it waited too long in their queue: what became of it is asked
        };
        if (!Id.TryParse<RefundId>(kept.Id, out var refund)) return null;
        return kept.What switch
        {
            "reversal" => MpesaReading.Reversal(refund, amount, kept.Said),
            "status" when !options.PartialReversal => MpesaReading.Status(refund, kept.Said, kept.At), // what was reversed in part is told by its own result only
            _ => null,
        };
    }

    // A fault that blames the request: nothing was done, and would not be.
    internal static bool IsRefusal(MpesaAnswer.Fault fault) => fault.Status == 400 || fault.Code.StartsWith("400.", StringComparison.Ordinal) || fault.Code is "404.001.01";

    private static bool Says(MpesaAnswer.Fault fault, string text) => fault.Text.Contains(text, StringComparison.OrdinalIgnoreCase);

    internal static string Why(MpesaAnswer answer) => answer switch { MpesaAnswer.Fault fault => $"{fault.Status} {fault.Code}", MpesaAnswer.Lost lost => lost.Why, _ => "The answer says nothing." };
}
