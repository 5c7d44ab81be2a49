using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money.Payouts;

namespace Guildhall.Money.Gateways.Mpesa;

/// <summary>M-Pesa B2C: whole shillings to a phone, asked for once under our id of it. The outcome is told by message; while it is not, the state of the payout is asked for
/// under that id, and its answer comes by message too. Written from a mirror of its documentation and tried against the sandbox's stand-in only, never
/// against the live service.</summary>
internal sealed class MpesaPayouts(MpesaApi api, MpesaOptions options, MpesaInitiator initiator, string shortCode, TimeProvider clock) : ICalledRail
{
    public string Name => "mpesa";

    // What has reached a phone stays there: nothing takes it back but a person in M-Pesa's own pages. It is never sent twice; where their code for a payout that
    // they do not have is set, a question after a day ends it.
    public RailCapabilities Can { get; } = new(Batched: false)
    {
        Pays = DestinationKind.Mpesa, Currencies = new HashSet<string>(["KES"], StringComparer.Ordinal), MayReturnFor = TimeSpan.Zero,
        AnswersFor = TimeSpan.FromDays(options.NotFound.Count > 0 ? 2 : 1),
    };

    public PartyStatus Status => api.Status;

    public long Step(Currency currency) => 100;

    public async Task<GatewayAnswer<PayoutFact>> Payout(PayoutRequest request, CancellationToken stop)
    {
        if (MpesaAmounts.Write(request.Amount) is not { } amount) return new GatewayAnswer<PayoutFact>.Refused("amount_not_whole", "M-Pesa moves whole shillings only. Ask for an amount without cents.");
        if (MpesaPhone.Of(request.Details.Account) is not { } phone) return new GatewayAnswer<PayoutFact>.Refused("phone_not_kenyan", "M-Pesa pays Kenyan mobile numbers only, such as 254712345678.");
        var answer = await api.Post("/mpesa/b2c/v3/paymentrequest", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OriginatorConversationID"] = request.Payout.ToString(),
            ["InitiatorName"] = initiator.Name,
            ["SecurityCredential"] = MpesaSignature.SecurityCredential(initiator.Password, initiator.Certificate),
            ["CommandID"] = options.PayoutCommand,
            ["Amount"] = amount,
            ["PartyA"] = shortCode,
            ["PartyB"] = phone,
            ["Remarks"] = "Payout",
            ["QueueTimeOutURL"] = MpesaAddress.OfPayout(options, "payout_timeout", request.Payout, request.Amount, clock.GetUtcNow()),
            ["ResultURL"] = MpesaAddress.OfPayout(options, "payout", request.Payout, request.Amount, clock.GetUtcNow()),
            ["Occassion"] = request.Payout.Value.ToString("n"), // spelt so
        }, stop);
        return answer switch
        {
            MpesaAnswer.Said(var said) when MpesaApi.Text(said, "ResponseCode") is "0" => new GatewayAnswer<PayoutFact>.Accepted(new PayoutFact(request.Payout, PayoutFactState.InTransit, request.Amount, null, null)),
            MpesaAnswer.Said(var said) when MpesaApi.Text(said, "ResponseCode") is { } code => Refused(request, code, MpesaApi.Sentence(said, "ResponseDescription") ?? ""),
            MpesaAnswer.Fault fault when MpesaGateway.IsRefusal(fault) => Refused(request, fault.Code, fault.Text),
            MpesaAnswer.Lost { NeverSent: true } => Refused(request, "not_reached", "M-Pesa could not be reached. Nothing was sent; ask again."),
            _ => new GatewayAnswer<PayoutFact>.Unknown(MpesaGateway.Why(answer)),
        };
    }

    // Nothing answers this at once: the question is sent, and its answer comes as a message about this payout.
    public async Task<GatewayAnswer<PayoutFact?>> FindPayout(PayoutSought sought, CancellationToken stop)
    {
        var answer = await api.Post("/mpesa/transactionstatus/v1/query", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Initiator"] = initiator.Name,
            ["SecurityCredential"] = MpesaSignature.SecurityCredential(initiator.Password, initiator.Certificate),
            ["CommandID"] = "TransactionStatusQuery",
            ["OriginatorConversationID"] = sought.Payout.ToString(),
            ["PartyA"] = shortCode,
            ["IdentifierType"] = "4",
            ["ResultURL"] = MpesaAddress.OfPayout(options, "payout_status", sought.Payout, sought.Amount, sought.SentAt),
            ["QueueTimeOutURL"] = MpesaAddress.OfPayout(options, "payout_timeout", sought.Payout, sought.Amount, sought.SentAt),
            ["Remarks"] = "Payout",
            ["Occasion"] = sought.Payout.Value.ToString("n"),
        }, stop);
        return new GatewayAnswer<PayoutFact?>.Unknown(answer is MpesaAnswer.Said ? "Asked; the answer comes by message." : MpesaGateway.Why(answer));
    }

    // A repeat may be refused for what the first request has done; and one that is told to be a repeat was made before.
    private static GatewayAnswer<PayoutFact> Refused(PayoutRequest request, string code, string text) =>
        request.Again || text.Contains("duplicate", StringComparison.OrdinalIgnoreCase) ? new GatewayAnswer<PayoutFact>.Unknown($"{code}: {text}") : new GatewayAnswer<PayoutFact>.Refused(code, text);
}
