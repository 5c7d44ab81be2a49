using System.Globalization;
using System.Text.Json;
using Guildhall.Foundation;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>Stripe, by hosted checkout, refunds, and transfers with payouts of connected accounts. Written from its documentation and tried against
/// the sandbox's stand-in only, never against the live service.</summary>
internal sealed class StripeGateway(StripeApi api, StripeOptions options, TimeProvider clock) : IGateway
{
    private static readonly TimeSpan ShortestSession = TimeSpan.FromMinutes(31); // Stripe refuses less than 30 minutes

    public string Name => "stripe";

    public GatewayStatus Status => api.Status;

    // Three-decimal currencies end in zero at Stripe.
    public long Step(Currency currency) => currency.Exponent == 3 ? 10 : 1;

    public async Task<GatewayAnswer<GatewayPage>> Create(GatewayPaymentRequest request, CancellationToken stop)
    {
        var expires = clock.GetUtcNow() + ShortestSession;
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["mode"] = "payment",
            ["client_reference_id"] = request.Payment.ToString(),
            ["metadata[payment_id]"] = request.Payment.ToString(),
            ["payment_intent_data[metadata][payment_id]"] = request.Payment.ToString(),
            ["payment_intent_data[metadata][order_id]"] = request.Order.ToString(),
            ["success_url"] = new Uri(options.ReturnTo, $"/return/{Name}/{request.Payment}").AbsoluteUri,
            ["cancel_url"] = new Uri(options.ReturnTo, $"/return/{Name}/{request.Payment}").AbsoluteUri,
            ["expires_at"] = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        };
        for (var i = 0; i < request.Lines.Count; i++)
        {
            var item = $"line_items[{i}]";
            form[item + "[quantity]"] = "1";
            form[item + "[price_data][currency]"] = StripeAmounts.Write(request.Lines[i].Amount.Currency);
            form[item + "[price_data][unit_amount]"] = StripeAmounts.Write(request.Lines[i].Amount);
            form[item + "[price_data][product_data][name]"] = request.Lines[i].Text;
        }
        return await api.Post("/v1/checkout/sessions", $"{request.Payment}-create", form, stop) switch
        {
            GatewayAnswer<JsonElement>.Accepted(var session) when StripeApi.Text(session, "url") is { } url => new GatewayAnswer<GatewayPage>.Accepted(new GatewayPage(StripeApi.Text(session, "id")!, url)),
            GatewayAnswer<JsonElement>.Accepted => new GatewayAnswer<GatewayPage>.Unknown("The session has no address."),
            var other => Pass<GatewayPage>(other),
        };
    }

    public async Task<GatewayAnswer<PaymentFact>> Fetch(PaymentId payment, string reference, CancellationToken stop) =>
        Read(await api.Get($"/v1/checkout/sessions/{reference}?expand[]=payment_intent", stop), StripeReading.Session);

    public async Task<GatewayAnswer<PaymentFact>> Capture(PaymentId payment, string gatewayPayment, Amount amount, CancellationToken stop) =>
        Read(await api.Post($"/v1/payment_intents/{gatewayPayment}/capture", $"{payment}-capture", [new("amount_to_capture", StripeAmounts.Write(amount))], stop), StripeReading.Intent);

    public async Task<GatewayAnswer<PaymentFact>> Cancel(PaymentId payment, string reference, CancellationToken stop)
    {
        var closed = await api.Post($"/v1/checkout/sessions/{reference}/expire", $"{payment}-expire", [], stop);
        // Refused: it is no longer open, so what became of it is asked. An uncaptured authorization is let go.
        var now = closed is GatewayAnswer<JsonElement>.Unknown ? Pass<PaymentFact>(closed) : await Fetch(payment, reference, stop);
        if (now is GatewayAnswer<PaymentFact>.Accepted { Value: { State: FactState.Authorized, GatewayPayment: { } intent } })
            return Read(await api.Post($"/v1/payment_intents/{intent}/cancel", $"{payment}-cancel", [new("cancellation_reason", "abandoned")], stop), StripeReading.Intent);
        return now is GatewayAnswer<PaymentFact>.Accepted { Value: { State: FactState.Expired } expired } ? new GatewayAnswer<PaymentFact>.Accepted(expired with { State = FactState.Cancelled }) : now;
    }

    public async Task<GatewayAnswer<RefundFact>> Refund(RefundId refund, string gatewayPayment, Amount amount, CancellationToken stop) =>
        Read(await api.Post("/v1/refunds", $"{refund}-create",
            [new("payment_intent", gatewayPayment), new("amount", StripeAmounts.Write(amount)), new("metadata[refund_id]", refund.ToString())], stop), StripeReading.Refund);

    public async Task<GatewayAnswer<RefundFact?>> FindRefund(RefundId refund, string gatewayPayment, CancellationToken stop) =>
        Search(await api.Get($"/v1/refunds?payment_intent={gatewayPayment}&limit=100", stop), StripeReading.Refund, fact => fact.Refund == refund);

    public async Task<GatewayAnswer<string>> RegisterDestination(DestinationId destination, Currency currency, CancellationToken stop) =>
        Read(await api.Post("/v1/accounts", $"{destination}-account",
            [new("type", "custom"), new("capabilities[transfers][requested]", "true"), new("metadata[destination_id]", destination.ToString())], stop), account => StripeApi.Text(account, "id"));

    public async Task<GatewayAnswer<PayoutFact>> Payout(PayoutRequest request, CancellationToken stop)
    {
        var (amount, currency) = (StripeAmounts.Write(request.Amount), StripeAmounts.Write(request.Amount.Currency));
        var moved = await api.Post("/v1/transfers", $"{request.Payout}-transfer", [new("amount", amount), new("currency", currency), new("destination", request.Destination),
            new("transfer_group", request.Payout.ToString()), new("metadata[payout_id]", request.Payout.ToString())], stop);
        if (moved is not GatewayAnswer<JsonElement>.Accepted(var transfer)) return Pass<PayoutFact>(moved);
        var transferId = StripeApi.Text(transfer, "id")!;
        var sent = await api.Post("/v1/payouts", $"{request.Payout}-payout",
            [new("amount", amount), new("currency", currency), new("metadata[payout_id]", request.Payout.ToString()), new("metadata[transfer]", transferId)], stop, request.Destination);
        return sent is GatewayAnswer<JsonElement>.Refused(var code, var text)
            ? new GatewayAnswer<PayoutFact>.Accepted(new PayoutFact(request.Payout, PayoutFactState.Failed, request.Amount, transferId, null, $"{code}: {text}"))
            : Read(sent, payout => StripeReading.Payout(payout, transferId));
    }

    public async Task<GatewayAnswer<PayoutFact?>> FindPayout(PayoutId payout, string destination, CancellationToken stop)
    {
        var moved = await api.Get($"/v1/transfers?transfer_group={payout}&limit=10", stop);
        if (moved is not GatewayAnswer<JsonElement>.Accepted(var transfers)) return Pass<PayoutFact?>(moved);
        if (transfers.GetProperty("data").EnumerateArray().FirstOrDefault() is not { ValueKind: JsonValueKind.Object } transfer) return new GatewayAnswer<PayoutFact?>.Accepted(null);
        var transferId = StripeApi.Text(transfer, "id")!;
        var amount = new Amount(transfer.GetProperty("amount").GetInt64(), Currency.Of(StripeApi.Text(transfer, "currency")!));
        return Search(await api.Get("/v1/payouts?limit=100", stop, destination), found => StripeReading.Payout(found, transferId), fact => fact.Payout == payout) switch
        {
            GatewayAnswer<PayoutFact?>.Accepted { Value: null } => new GatewayAnswer<PayoutFact?>.Accepted(new PayoutFact(payout, PayoutFactState.InTransit, amount, transferId, null)),
            var answer => answer,
        };
    }

    public async Task<GatewayAnswer<string>> TakeBack(PayoutId payout, string transferReference, Amount amount, CancellationToken stop) =>
        Read(await api.Post($"/v1/transfers/{transferReference}/reversals", $"{payout}-reversal", [new("amount", StripeAmounts.Write(amount)), new("metadata[payout_id]", payout.ToString())], stop),
            reversal => StripeApi.Text(reversal, "id"));

    public WebhookEnvelope? VerifyWebhook(IHeaderDictionary headers, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (!StripeSignature.Holds(headers["Stripe-Signature"], body.Span, options.WebhookSecrets, now)) return null;
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
            return (StripeApi.Text(document.RootElement, "id"), StripeApi.Text(document.RootElement, "type")) is ({ Length: <= 255 } id, { Length: <= 255 } type) ? new WebhookEnvelope(id, type) : null;
        }
        catch (JsonException) { return null; }
    }

    public GatewayFact? ReadWebhook(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var subject = document.RootElement.GetProperty("data").GetProperty("object");
        return StripeApi.Text(subject, "object") switch
        {
            "checkout.session" => StripeReading.Session(subject),
            "payment_intent" => StripeReading.Intent(subject),
            "refund" => StripeReading.Refund(subject),
            "payout" => StripeReading.Payout(subject),
            _ => null,
        };
    }

    private static GatewayAnswer<T> Read<T>(GatewayAnswer<JsonElement> answer, Func<JsonElement, T?> read) where T : class => answer switch
    {
        GatewayAnswer<JsonElement>.Accepted(var element) => read(element) is { } fact ? new GatewayAnswer<T>.Accepted(fact) : new GatewayAnswer<T>.Unknown("The answer does not name what was asked about."),
        _ => Pass<T>(answer),
    };

    private static GatewayAnswer<T?> Search<T>(GatewayAnswer<JsonElement> answer, Func<JsonElement, T?> read, Func<T, bool> wanted) where T : class => answer switch
    {
        GatewayAnswer<JsonElement>.Accepted(var list) => new GatewayAnswer<T?>.Accepted(list.GetProperty("data").EnumerateArray().Select(read).FirstOrDefault(fact => fact is not null && wanted(fact))),
        _ => Pass<T?>(answer),
    };

    private static GatewayAnswer<T> Pass<T>(GatewayAnswer<JsonElement> answer) => answer switch
    {
        GatewayAnswer<JsonElement>.Refused(var code, var text) => new GatewayAnswer<T>.Refused(code, text),
        GatewayAnswer<JsonElement>.Unknown(var why) => new GatewayAnswer<T>.Unknown(why),
        _ => throw new InvalidOperationException("An accepted answer is read, not passed on."),
    };
}
