using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using static Guildhall.Money.Gateways.GatewayJson;

namespace Guildhall.Money.Gateways.PayPal;

/// <summary>PayPal, by orders that the customer approves on its page and that we then capture or authorize. Written from its documentation and tried against
/// the sandbox's stand-in only, never against the live service.</summary>
internal sealed class PayPalGateway(PayPalApi api, PayPalCertificates certificates, PayPalOptions options) : IGateway
{
    private const int MostDescription = 127;

    // What these tell is booked as it stands; everything else that names a payment of ours makes us ask.
    private static readonly HashSet<string> Facts = new(StringComparer.Ordinal)
    {
        "PAYMENT.CAPTURE.COMPLETED", "PAYMENT.CAPTURE.REFUNDED", "PAYMENT.CAPTURE.REVERSED", "PAYMENT.AUTHORIZATION.CREATED", "PAYMENT.REFUND.PENDING", "PAYMENT.REFUND.FAILED", "PAYMENT.REFUND.COMPLETED",
    };

    public string Name => "paypal";

    public PartyStatus Status => api.Status;

    public bool Live => options.IsLive;

    public Uri? Pages => options.Pages;

    // Held money is kept for 29 days, of which PayPal vouches for three.
    public Capabilities Can { get; } = new()
    {
        ManualCapture = true, PartialCapture = true, Void = true, HoldLasts = TimeSpan.FromDays(29), Currencies = PayPalAmounts.Currencies, Step = PayPalAmounts.Step,
    };

    public Task<GatewayAnswer<string>> Ask(CancellationToken stop) => api.Ask(stop);

    public async Task<GatewayAnswer<Opening>> Create(GatewayPaymentRequest request, CancellationToken stop)
    {
        var back = new Uri(options.ReturnTo, $"/return/{Name}/{request.Payment}").AbsoluteUri;
        var unit = new JsonObject { ["custom_id"] = request.Payment.ToString(), ["amount"] = PayPalAmounts.Write(request.Amount) };
        if (Described(request.Lines.Select(l => l.Text)) is { Length: > 0 } text) unit["description"] = text;
        var order = new JsonObject
        {
            ["intent"] = request.CaptureLater ? "AUTHORIZE" : "CAPTURE",
            ["purchase_units"] = new JsonArray(unit),
            ["payment_source"] = new JsonObject
            {
                ["paypal"] = new JsonObject
                {
                    ["experience_context"] = new JsonObject { ["return_url"] = back, ["cancel_url"] = back, ["user_action"] = "PAY_NOW", ["shipping_preference"] = "NO_SHIPPING" },
                },
            },
        };
        var answer = await api.Post("/v2/checkout/orders", $"{request.Payment}-create", order, stop);
        if (answer is not GatewayAnswer<JsonElement>.Accepted(var opened)) return Pass<Opening>(answer);
        var page = Items(opened, "links").FirstOrDefault(l => Text(l, "rel") is "payer-action" or "approve");
        return Text(opened, "id") is { Length: > 0 and <= 36 } id && id.All(char.IsAsciiLetterOrDigit) && Uri.TryCreate(Text(page, "href"), UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
            ? new GatewayAnswer<Opening>.Accepted(new Opening(id, address.AbsoluteUri))
            : new GatewayAnswer<Opening>.Unknown("The order has no page.");
    }

    public Task<GatewayAnswer<PaymentFact>> Fetch(PaymentId payment, string reference, CancellationToken stop) => Ask(payment, reference, takes: true, stop);

    public Task<GatewayAnswer<PaymentFact>> Look(PaymentId payment, string reference, CancellationToken stop) => Ask(payment, reference, takes: false, stop);

    private async Task<GatewayAnswer<PaymentFact>> Ask(PaymentId payment, string reference, bool takes, CancellationToken stop)
    {
        var answer = await api.Get($"/v2/checkout/orders/{reference}", stop);
        // An order that nobody approved in time is forgotten.
        if (answer is GatewayAnswer<JsonElement>.Refused { Code: "RESOURCE_NOT_FOUND" or "INVALID_RESOURCE_ID" }) return new GatewayAnswer<PaymentFact>.Accepted(new PaymentFact(payment, FactState.Expired, default));
        var now = Read(answer, o => Of(o, payment));
        return takes && answer is GatewayAnswer<JsonElement>.Accepted(var order) && now is GatewayAnswer<PaymentFact>.Accepted(var fact) && PayPalReading.IsApproved(order)
            ? await Take(payment, reference, order, fact, stop) : now;
    }

    // The customer has agreed: now it is ours to take or hold. An order is taken once, whatever the request's id; with the same id a refusal is not tried again
    // until the customer has changed something.
    private async Task<GatewayAnswer<PaymentFact>> Take(PaymentId payment, string reference, JsonElement order, PaymentFact asked, CancellationToken stop)
    {
        var act = PayPalReading.Holds(order) ? "authorize" : "capture";
        var version = Text(order, "update_time") is { Length: <= 30 } time && time.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '.') ? time : "1";
        var answer = await api.Post($"/v2/checkout/orders/{reference}/{act}", $"{payment}-{act}-{version}", [], stop);
        return answer switch
        {
            GatewayAnswer<JsonElement>.Accepted(var taken) when Of(taken, payment) is { } fact => new GatewayAnswer<PaymentFact>.Accepted(fact),
            GatewayAnswer<JsonElement>.Accepted or GatewayAnswer<JsonElement>.Refused { Code: "ORDER_ALREADY_CAPTURED" or "ORDER_ALREADY_AUTHORIZED" } => await Ask(payment, reference, takes: false, stop),
            GatewayAnswer<JsonElement>.Refused { Code: "ORDER_NOT_APPROVED" or "PAYER_ACTION_REQUIRED" } => new GatewayAnswer<PaymentFact>.Accepted(asked),
            GatewayAnswer<JsonElement>.Refused(var code, var text) => new GatewayAnswer<PaymentFact>.Accepted(asked with { Code = code, Text = text.Length > 0 ? text : null, Declined = true }),
            _ => Pass<PaymentFact>(answer),
        };
    }

    public async Task<GatewayAnswer<PaymentFact>> Capture(CaptureRequest request, CancellationToken stop) =>
        Read(await api.Post($"/v2/payments/authorizations/{request.GatewayPayment}/capture", $"{request.Capture}-capture",
            new JsonObject { ["amount"] = PayPalAmounts.Write(request.Amount), ["final_capture"] = request.Final }, stop), c => PayPalReading.Capture(c, request.Payment));

    // Nothing is taken but by our own call, which nobody makes for a payment that has ended: that closes a page which PayPal cannot close.
    public async Task<GatewayAnswer<PaymentFact>> Cancel(PaymentId payment, string reference, CancellationToken stop)
    {
        var now = await Look(payment, reference, stop);
        if (now is GatewayAnswer<PaymentFact>.Accepted { Value: { State: FactState.Open, GatewayPayment: null } open }) return new GatewayAnswer<PaymentFact>.Accepted(open with { State = FactState.Cancelled });
        if (now is not GatewayAnswer<PaymentFact>.Accepted { Value: { State: FactState.Authorized, GatewayPayment: { } hold } }) return now;
        var answer = await api.Post($"/v2/payments/authorizations/{hold}/void", $"{payment}-void", null, stop);
        return await Look(payment, reference, stop) is GatewayAnswer<PaymentFact>.Accepted { Value.State: not FactState.Authorized } then ? then
            : answer is GatewayAnswer<JsonElement>.Accepted ? new GatewayAnswer<PaymentFact>.Unknown("PayPal took the void and still holds the money.") : Pass<PaymentFact>(answer);
    }

    public async Task<GatewayAnswer<RefundFact>> Refund(RefundId refund, string gatewayPayment, Amount amount, CancellationToken stop) =>
        Read(await api.Post($"/v2/payments/captures/{gatewayPayment}/refund", $"{refund}-create", new JsonObject { ["amount"] = PayPalAmounts.Write(amount), ["custom_id"] = refund.ToString() }, stop),
            r => PayPalReading.Refund(r, refund));

    // There is no list of refunds: the capture names its order, and the order lists them all.
    public async Task<GatewayAnswer<RefundFact?>> FindRefund(RefundSought sought, CancellationToken stop)
    {
        var answer = await api.Get($"/v2/payments/captures/{sought.GatewayPayment}", stop);
        if (answer is not GatewayAnswer<JsonElement>.Accepted(var capture)) return Pass<RefundFact?>(answer);
        if (Text(Child(Child(capture, "supplementary_data"), "related_ids"), "order_id") is not { } reference) return new GatewayAnswer<RefundFact?>.Unknown("The capture does not name its order.");
        var asked = await api.Get($"/v2/checkout/orders/{reference}", stop);
        if (asked is not GatewayAnswer<JsonElement>.Accepted(var order)) return Pass<RefundFact?>(asked);
        if (PayPalReading.PaymentOf(order) is null) return new GatewayAnswer<RefundFact?>.Unknown("The order cannot be read.");
        var ours = Items(Child(First(order, "purchase_units"), "payments"), "refunds").Where(r => Text(r, "custom_id") == sought.Refund.ToString()).ToArray();
        return ours.Length == 0 ? new GatewayAnswer<RefundFact?>.Accepted(null)
            : PayPalReading.Refund(ours[0], sought.Refund) is { } fact ? new GatewayAnswer<RefundFact?>.Accepted(fact) : new GatewayAnswer<RefundFact?>.Unknown("The refund cannot be read.");
    }

    public Heard Hear(Message message, DateTimeOffset now)
    {
        if (PayPalSignature.Of(message.Headers) is not { } signed || certificates.Find(signed.CertificateUrl, now) is not { } certificate) return new Heard.Refused();
        if (!options.WebhookIds.Any(id => signed.Holds(message.Body.Span, id, certificate))) return new Heard.Refused();
        try
        {
            using var document = JsonDocument.Parse(message.Body, new JsonDocumentOptions { MaxDepth = 32 });
            if ((Text(document.RootElement, "id"), Text(document.RootElement, "event_type")) is not ({ Length: > 0 and <= 255 } id, { Length: > 0 and <= 255 } type)) return new Heard.Refused();
            return !Facts.Contains(type) && PayPalReading.PaymentOf(Child(document.RootElement, "resource")) is { } payment ? new Heard.Hint(payment) : new Heard.Proven(id, type);
        }
        catch (JsonException) { return new Heard.Refused(); }
    }

    public GatewayFact? ReadWebhook(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var (type, subject) = (Text(document.RootElement, "event_type") ?? "", Child(document.RootElement, "resource"));
        if (type.StartsWith("PAYMENT.PAYOUTS-ITEM.", StringComparison.Ordinal)) return PayPalBatches.Item(subject);
        if (type is "CUSTOMER.DISPUTE.CREATED" or "CUSTOMER.DISPUTE.RESOLVED") return PayPalReading.Dispute(type, subject);
        if (!Facts.Contains(type)) return null;
        return type switch
        {
            "PAYMENT.CAPTURE.COMPLETED" => (GatewayFact?)PayPalReading.Capture(subject),
            "PAYMENT.AUTHORIZATION.CREATED" => PayPalReading.Authorization(subject),
            "PAYMENT.CAPTURE.REVERSED" => null, // money that was taken back from us, which a person must look at
            _ => PayPalReading.Refund(subject),
        } ?? PayPalReading.ForAPerson(type, subject);
    }

    // An answer of PayPal's about another payment than the one we asked about tells nothing.
    private static PaymentFact? Of(JsonElement order, PaymentId payment) => PayPalReading.Order(order) is { } fact && fact.Payment == payment ? fact : null;

    // The limit is counted in bytes to be on the safe side.
    private static string Described(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        var left = MostDescription;
        foreach (var rune in string.Join(", ", lines).EnumerateRunes().Where(r => !Rune.IsControl(r)))
        {
            if ((left -= rune.Utf8SequenceLength) < 0) break;
            text.Append(rune);
        }
        return text.ToString();
    }

    private static GatewayAnswer<T> Read<T>(GatewayAnswer<JsonElement> answer, Func<JsonElement, T?> read) where T : class => answer switch
    {
        GatewayAnswer<JsonElement>.Accepted(var element) => read(element) is { } fact ? new GatewayAnswer<T>.Accepted(fact) : new GatewayAnswer<T>.Unknown("The answer does not name what was asked about."),
        _ => Pass<T>(answer),
    };

    private static GatewayAnswer<T> Pass<T>(GatewayAnswer<JsonElement> answer) => answer switch
    {
        GatewayAnswer<JsonElement>.Refused(var code, var text) => new GatewayAnswer<T>.Refused(code, text),
        GatewayAnswer<JsonElement>.Unknown(var why) => new GatewayAnswer<T>.Unknown(why),
        _ => throw new InvalidOperationException("An accepted answer is read, not passed on."),
    };
}
