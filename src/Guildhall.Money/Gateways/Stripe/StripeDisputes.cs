using System.Text.Json;
using Guildhall.Foundation;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>Disputes of Stripe: <c>/v1/disputes/{id}</c>, answered by the same address with <c>submit</c>, given up by <c>/close</c>. What it took and
/// gave back stands in the dispute's balance transactions. Written from its documentation, tried against the sandbox only.</summary>
internal sealed class StripeDisputes(StripeApi api) : IGatewayDisputes
{
    public string Gateway => "stripe";

    private const int MaxReason = 100;

    public async Task<GatewayAnswer<DisputeFact>> Fetch(string reference, CancellationToken stop) =>
        Answer(await api.Get($"/v1/disputes/{Uri.EscapeDataString(reference)}?expand[]=payment_intent", stop));

    public Task<GatewayAnswer<IReadOnlyList<DisputeFact>>> OpenedSince(DateTimeOffset time, CancellationToken stop) =>
        StripeAnswers.All(api, $"/v1/disputes?limit=100&expand[]=data.payment_intent&created[gte]={time.ToUnixTimeSeconds()}", Read, stop);

    public async Task<GatewayAnswer<DisputeFact>> Submit(string reference, EvidenceId evidence, DisputeEvidence fields, CancellationToken stop)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal) { ["metadata[evidence_id]"] = evidence.ToString(), ["submit"] = "true", ["expand[]"] = "payment_intent" };
        void Add(string name, string? text) { if (!string.IsNullOrWhiteSpace(text)) form[$"evidence[{name}]"] = text; }
        Add("product_description", fields.ServiceDescription);
        Add("service_date", fields.ServiceDate);
        Add("access_activity_log", fields.ActivityLog);
        Add("refund_policy_disclosure", fields.RefundPolicy);
        Add("refund_refusal_explanation", fields.RefundRefusal);
        Add("uncategorized_text", string.Join("\n\n", new[] { fields.CustomerCommunication, fields.Other }.Where(text => !string.IsNullOrWhiteSpace(text))));
        return Answer(await api.Post($"/v1/disputes/{Uri.EscapeDataString(reference)}", evidence.ToString(), form, stop));
    }

    public async Task<GatewayAnswer<DisputeFact>> Accept(string reference, DisputeId dispute, CancellationToken stop) =>
        Answer(await api.Post($"/v1/disputes/{Uri.EscapeDataString(reference)}/close", $"{dispute}-close", [new("expand[]", "payment_intent")], stop));

    /// <summary>A dispute, with its payment intent when that was expanded.</summary>
    public static DisputeFact? Read(JsonElement dispute)
    {
        if (GatewayJson.Text(dispute, "id") is not { Length: <= 255 } reference || !StripeReading.TryAmount(dispute, "amount", out var amount) || !amount.IsPositive) return null;
        if (State(GatewayJson.Text(dispute, "status")) is not { } state) return null;
        var intent = dispute.TryGetProperty("payment_intent", out var found) ? found : default;
        var payment = Id.TryParse<PaymentId>(StripeReading.Metadata(intent, "payment_id"), out var ours) ? ours : (PaymentId?)null;
        var named = intent.ValueKind == JsonValueKind.Object ? GatewayJson.Text(intent, "id") : intent.ValueKind == JsonValueKind.String ? intent.GetString() : null;
        var reason = GatewayJson.Text(dispute, "reason") is { Length: > 0 } said ? said : "general";
        var money = Money.Of(dispute, amount);
        return new DisputeFact(reference, named, payment, state, amount, reason.Length > MaxReason ? reason[..MaxReason] : reason, Time(dispute, "created") ?? DateTimeOffset.UnixEpoch,
            dispute.TryGetProperty("evidence_details", out var details) ? Time(details, "due_by") : null, money.Withdrawn, money.Reinstated, money.Fee, money.FeeReturned,
            Id.TryParse<EvidenceId>(StripeReading.Metadata(dispute, "evidence_id"), out var evidence) ? evidence : null);
    }

    private static GatewayAnswer<DisputeFact> Answer(GatewayAnswer<JsonElement> answer) => answer switch
    {
        GatewayAnswer<JsonElement>.Accepted(var dispute) => Read(dispute) is { } fact ? new GatewayAnswer<DisputeFact>.Accepted(fact) : new GatewayAnswer<DisputeFact>.Unknown("The answer is not a dispute."),
        GatewayAnswer<JsonElement>.Refused(var code, var text) => new GatewayAnswer<DisputeFact>.Refused(code, text),
        GatewayAnswer<JsonElement>.Unknown(var why) => new GatewayAnswer<DisputeFact>.Unknown(why),
        _ => throw new InvalidOperationException(),
    };

    private static DisputeFactState? State(string? status) => status switch
    {
        "warning_needs_response" => DisputeFactState.WarningNeedsResponse,
        "warning_under_review" => DisputeFactState.WarningUnderReview,
        "warning_closed" => DisputeFactState.WarningClosed,
        "needs_response" => DisputeFactState.NeedsResponse,
        "under_review" => DisputeFactState.UnderReview,
        "won" => DisputeFactState.Won,
        "lost" or "charge_refunded" => DisputeFactState.Lost,
        "prevented" => DisputeFactState.Prevented,
        _ => null,
    };

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    // A balance transaction in another currency than the payment's moved the disputed amount by the gateway's own rate.
    private sealed record Money(Amount Withdrawn, Amount Reinstated, Amount? Fee, Amount? FeeReturned)
    {
        public static Money Of(JsonElement dispute, Amount disputed)
        {
            var money = new Money(Amount.Zero(disputed.Currency), Amount.Zero(disputed.Currency), null, null);
            if (!dispute.TryGetProperty("balance_transactions", out var moves) || moves.ValueKind != JsonValueKind.Array) return money;
            foreach (var move in moves.EnumerateArray())
            {
                if (!StripeReading.TryAmount(move, "amount", out var amount)) continue;
                var size = amount.Currency == disputed.Currency ? amount with { Minor = Math.Abs(amount.Minor) } : disputed;
                if (amount.Minor < 0) money = money with { Withdrawn = money.Withdrawn + size };
                else if (amount.Minor > 0) money = money with { Reinstated = money.Reinstated + size };
                if (!StripeReading.TryAmount(move, "fee", out var fee) || fee.IsZero) continue;
                if (fee.IsPositive) money = money with { Fee = money.Fee is { } before ? before + fee : fee };
                else money = money with { FeeReturned = money.FeeReturned is { } back ? back - fee : -fee };
            }
            return money;
        }
    }
}
