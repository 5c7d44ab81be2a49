using System.Globalization;
using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using static Guildhall.Money.Gateways.Stripe.StripeAnswers;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>Stripe, by hosted checkout and refunds. Written from its documentation and tried against the sandbox's stand-in only, never against the
/// live service.</summary>
internal sealed class StripeGateway(StripeApi api, StripeOptions options, TimeProvider clock) : IGateway
{
    // Stripe refuses a page that is open for less than 30 minutes: for ten minutes a lost answer can be asked for again.
    private static readonly TimeSpan PageLifetime = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan Repeatable = TimeSpan.FromMinutes(10);

    private static readonly KeyValuePair<string, string>[] Abandoned = [new("cancellation_reason", "abandoned")];

    public string Name => "stripe";

    public PartyStatus Status => api.Status;

    public bool Live => options.IsLive;

    public Uri? Pages => options.Pages;

    public IGatewayMethods Methods { get; } = new StripeMethods(api, options);

    public Capabilities Can { get; } = new() { ManualCapture = true, PartialCapture = true, Void = true, SavedMethods = true, Step = StripeAmounts.Step };

    public async Task<GatewayAnswer<string>> Ask(CancellationToken stop) =>
        Read(await api.Get("/v1/balance", stop), balance => GatewayJson.Text(balance, "object") is "balance" ? "the account's balance" : null);

    public async Task<GatewayAnswer<Opening>> Create(GatewayPaymentRequest request, CancellationToken stop)
    {
        var expires = request.StartedAt + PageLifetime;
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
        if (request.CaptureLater) form["payment_intent_data[capture_method]"] = "manual";
        if (request.KeepFor is { } customer) (form["customer"], form["payment_intent_data[setup_future_usage]"]) = (customer, "off_session");
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
            GatewayAnswer<JsonElement>.Accepted(var session) when GatewayJson.Text(session, "url") is { } url => new GatewayAnswer<Opening>.Accepted(new Opening(GatewayJson.Text(session, "id")!, url)),
            GatewayAnswer<JsonElement>.Accepted => new GatewayAnswer<Opening>.Unknown("The session has no address."),
            GatewayAnswer<JsonElement>.Refused when clock.GetUtcNow() > request.StartedAt + Repeatable =>
                new GatewayAnswer<Opening>.Refused("not_opened", "The payment page could not be opened in time."),
            var other => Pass<Opening>(other),
        };
    }

    public async Task<GatewayAnswer<PaymentFact>> Fetch(PaymentId payment, string reference, CancellationToken stop) =>
        IsIntent(reference)
            ? Read(await api.Get($"/v1/payment_intents/{reference}", stop), intent => Of(StripeReading.Intent(intent), payment))
            : Read(await api.Get($"/v1/checkout/sessions/{reference}?expand[]=payment_intent", stop), session => Of(StripeReading.Session(session), payment));

    // An answer about another payment than the one we asked about tells nothing.
    private static PaymentFact? Of(PaymentFact? fact, PaymentId payment) => fact?.Payment == payment ? fact : null;

    private static RefundFact? Of(RefundFact? fact, RefundId refund) => fact?.Refund == refund ? fact : null;

    // A kept card is charged without a session.
    private static bool IsIntent(string reference) => reference.StartsWith("pi_", StringComparison.Ordinal);

    public async Task<GatewayAnswer<PaymentFact>> Capture(CaptureRequest request, CancellationToken stop) =>
        Read(await api.Post($"/v1/payment_intents/{request.GatewayPayment}/capture", $"{request.Capture}-capture",
            [new("amount_to_capture", StripeAmounts.Write(request.Amount))], stop), intent => Of(StripeReading.Intent(intent), request.Payment));

    public async Task<GatewayAnswer<PaymentFact>> Cancel(PaymentId payment, string reference, CancellationToken stop)
    {
        var closed = IsIntent(reference)
            ? await api.Post($"/v1/payment_intents/{reference}/cancel", $"{payment}-cancel", Abandoned, stop)
            : await api.Post($"/v1/checkout/sessions/{reference}/expire", $"{payment}-expire", [], stop);
        // Whatever is answered, what became of it is asked: it may have been paid. An uncaptured authorization is let go.
        var now = await Fetch(payment, reference, stop);
        if (closed is GatewayAnswer<JsonElement>.Unknown && now is GatewayAnswer<PaymentFact>.Accepted { Value.State: FactState.Open }) return Pass<PaymentFact>(closed);
        if (now is GatewayAnswer<PaymentFact>.Accepted { Value: { State: FactState.Authorized, GatewayPayment: { } intent } })
            return Read(await api.Post($"/v1/payment_intents/{intent}/cancel", $"{payment}-cancel", Abandoned, stop), let => Of(StripeReading.Intent(let), payment));
        return now is GatewayAnswer<PaymentFact>.Accepted { Value: { State: FactState.Expired } expired } ? new GatewayAnswer<PaymentFact>.Accepted(expired with { State = FactState.Cancelled }) : now;
    }

    public async Task<GatewayAnswer<RefundFact>> Refund(RefundId refund, string gatewayPayment, Amount amount, CancellationToken stop) =>
        Read(await api.Post("/v1/refunds", $"{refund}-create",
            [new("payment_intent", gatewayPayment), new("amount", StripeAmounts.Write(amount)), new("metadata[refund_id]", refund.ToString())], stop), made => Of(StripeReading.Refund(made), refund));

    public async Task<GatewayAnswer<RefundFact?>> FindRefund(RefundSought sought, CancellationToken stop) =>
        await Search(api, $"/v1/refunds?limit=100&payment_intent={sought.GatewayPayment}", null, StripeReading.Refund, fact => fact.Refund == sought.Refund, stop);

    public Heard Hear(Message message, DateTimeOffset now)
    {
        if (StripeSignature.SecondsOff(message.Headers["Stripe-Signature"], message.Body.Span, options.WebhookSecrets, now) is not { } off) return new Heard.Refused();
        if (!StripeSignature.IsFresh(off)) return new Heard.Refused(off);
        try
        {
            using var document = JsonDocument.Parse(message.Body, new JsonDocumentOptions { MaxDepth = 32 });
            return (GatewayJson.Text(document.RootElement, "id"), GatewayJson.Text(document.RootElement, "type")) is ({ Length: <= 255 } id, { Length: <= 255 } type)
                ? new Heard.Proven(id, type) : new Heard.Refused();
        }
        catch (JsonException) { return new Heard.Refused(); }
    }

    public GatewayFact? ReadWebhook(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        if (!document.RootElement.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("object", out var subject)) return null;
        // The live endpoint of connected accounts is told of test payments too: money of the other mode is no money here.
        if (document.RootElement.TryGetProperty("livemode", out var live) && live.ValueKind is JsonValueKind.True or JsonValueKind.False && live.GetBoolean() != options.IsLive) return null;
        // Of a connected account only its payouts are ours: a charge there is not our money.
        return (GatewayJson.Text(subject, "object"), GatewayJson.Text(document.RootElement, "account")) switch
        {
            ("checkout.session", null) => StripeReading.Session(subject) ?? (GatewayFact?)StripeReading.Unreadable(subject, "amount_total"),
            ("payment_intent", null) => StripeReading.Intent(subject) ?? (GatewayFact?)StripeReading.Unreadable(subject, "amount"),
            ("refund", null) => StripeReading.Refund(subject) ?? (GatewayFact?)StripeReading.Unreadable(subject, "amount"),
            ("payment_method", null) => GatewayJson.Text(subject, "id") is { } method ? new MethodFact(method) : null,
            ("payout", _) => StripeReading.Payout(subject),
            ("dispute", null) => StripeDisputes.Read(subject),
            _ => null,
        };
    }
}
