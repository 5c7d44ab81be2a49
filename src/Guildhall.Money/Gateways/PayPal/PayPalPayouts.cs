using System.Text.Json;
using System.Text.Json.Nodes;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money.Payouts;
using static Guildhall.Money.Gateways.GatewayJson;

namespace Guildhall.Money.Gateways.PayPal;

/// <summary>PayPal Payouts: each payout is a batch of one item, to an e-mail address. PayPal cannot be asked by our id of a batch, but refuses a batch whose
/// id it had within thirty days and says which one that was: the same request again is how it is asked. Written from its documentation and tried
/// against the sandbox's stand-in only, never against the live service.</summary>
internal sealed class PayPalPayouts(PayPalApi api, TimeProvider clock) : ICalledRail
{
    private const string Batches = "/v1/payments/payouts";

    // Days are left over for clocks that disagree.
    private static readonly TimeSpan Remembers = TimeSpan.FromDays(25);

    // The first request may still be under way.
    private static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(1);

    public string Name => "paypal";

    // A last repeat of the request may be under way when the time for it ends.
    public RailCapabilities Can { get; } = new(Batched: false) { Pays = DestinationKind.Paypal, Currencies = PayPalAmounts.Currencies, AnswersFor = Remembers + TimeSpan.FromDays(1) };

    public PartyStatus Status => api.Status;

    public long Step(Currency currency) => PayPalAmounts.Step(currency);

    public async Task<GatewayAnswer<PayoutFact>> Payout(PayoutRequest request, CancellationToken stop)
    {
        var name = request.Payout.ToString();
        var answer = await api.Post(Batches, name, new JsonObject
        {
            ["sender_batch_header"] = new JsonObject { ["sender_batch_id"] = name },
            ["items"] = new JsonArray(new JsonObject
            {
                ["recipient_type"] = "EMAIL", ["receiver"] = request.Details.Account, ["sender_item_id"] = name,
                ["amount"] = new JsonObject { ["value"] = PayPalAmounts.Text(request.Amount), ["currency"] = request.Amount.Currency.Code },
            }),
        }, stop, IsRepeat);
        switch (answer)
        {
            case GatewayAnswer<JsonElement>.Accepted(var said) when IsRepeat(said):
                if (PayPalBatches.NameInRepeat(said) is not { } first) return new GatewayAnswer<PayoutFact>.Unknown("PayPal has it and does not say by which name.");
                return await Batch(request.Payout, request.Amount, first, stop) is GatewayAnswer<PayoutFact?>.Accepted { Value: { } fact } ? new GatewayAnswer<PayoutFact>.Accepted(fact)
                    : new GatewayAnswer<PayoutFact>.Unknown("The first batch does not tell.");
            case GatewayAnswer<JsonElement>.Accepted(var made):
                return PayPalBatches.Name(Child(made, "batch_header")) is { } batch
                    ? new GatewayAnswer<PayoutFact>.Accepted(new PayoutFact(request.Payout, PayoutFactState.InTransit, request.Amount, null, batch))
                    : new GatewayAnswer<PayoutFact>.Unknown("The batch has no name.");
            case GatewayAnswer<JsonElement>.Refused(var code, var text):
                // It may be refused for what the first request has done, such as having taken the balance.
                return request.Again ? new GatewayAnswer<PayoutFact>.Unknown($"{code}: {text}") : new GatewayAnswer<PayoutFact>.Refused(code, text);
            default:
                return new GatewayAnswer<PayoutFact>.Unknown(((GatewayAnswer<JsonElement>.Unknown)answer).Why);
        }
    }

    public async Task<GatewayAnswer<PayoutFact?>> FindPayout(PayoutSought sought, CancellationToken stop)
    {
        if (sought.Reference is { } batch) return await Batch(sought.Payout, sought.Amount, batch, stop);
        var age = clock.GetUtcNow() - sought.SentAt;
        return age < UnderWay ? new GatewayAnswer<PayoutFact?>.Unknown("It was sent a moment ago.")
            : age < Remembers ? new GatewayAnswer<PayoutFact?>.Accepted(null)
            : new GatewayAnswer<PayoutFact?>.Unknown("PayPal has forgotten our id of it. Look for it in PayPal's own pages.");
    }

    private async Task<GatewayAnswer<PayoutFact?>> Batch(PayoutId payout, Amount asked, string batch, CancellationToken stop)
    {
        var answer = await api.Get($"{Batches}/{Uri.EscapeDataString(batch)}?page_size=1", stop);
        return answer is GatewayAnswer<JsonElement>.Accepted(var said) && PayPalBatches.Batch(said, payout, asked) is { } fact ? new GatewayAnswer<PayoutFact?>.Accepted(fact)
            : new GatewayAnswer<PayoutFact?>.Unknown(answer switch
            {
                GatewayAnswer<JsonElement>.Unknown(var why) => why,
                GatewayAnswer<JsonElement>.Refused(var code, _) => code,
                _ => "The batch is not that of this payout.",
            });
    }

    private static bool IsRepeat(JsonElement error) =>
        Text(error, "name") is "USER_BUSINESS_ERROR" && Items(error, "details").Any(d => string.Equals(Text(d, "field"), "SENDER_BATCH_ID", StringComparison.OrdinalIgnoreCase));
}
