using System.Globalization;
using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using static Guildhall.Money.Gateways.MyFatoorah.MyFatoorahSignature;

namespace Guildhall.Money.Gateways.MyFatoorah;

/// <summary>MyFatoorah, by its hosted page. Its signature leaves the amount of a payment and our name of a refund out, so a message makes us ask and is not
/// believed by itself. Refunds are requests that their finance decides. Written from its documentation, never tried live.</summary>
internal sealed class MyFatoorahGateway(MyFatoorahApi api, MyFatoorahOptions options, TimeProvider clock) : IGateway
{
    private static readonly TimeSpan PageLasts = TimeSpan.FromMinutes(40);

    // A try that began in time may end a little later.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    // What is said to be under way so long after the end is a page that nobody used.
    private static readonly TimeSpan UnderWay = TimeSpan.FromDays(1);

    // They keep the answer to an Idempotency-Key for 250 minutes.
    private static readonly TimeSpan Repeatable = TimeSpan.FromMinutes(240);

    public string Name => "myfatoorah";

    public PartyStatus Status => api.Status;

    /// <summary>Origin of the page customers are sent to.</summary>
    public Uri? Pages => options.PagesAt;

    public bool Live => options.IsLive;

    public Capabilities Can { get; } = new() { Currencies = new HashSet<string>([options.Currency.Code], StringComparer.Ordinal), Close = false };

    // Their no to an invoice that nobody has is an answer to us: a token that is not taken is told by the status of HTTP.
    public async Task<GatewayAnswer<string>> Ask(CancellationToken stop) => await api.Ask("/v2/GetPaymentStatus", json => Key(json, "InvoiceId", "0"), stop) is GatewayAnswer<JsonElement>.Unknown(var why)
        ? new GatewayAnswer<string>.Unknown(why) : new GatewayAnswer<string>.Accepted("the state of an invoice that there is not");

    public async Task<GatewayAnswer<Opening>> Create(GatewayPaymentRequest request, CancellationToken stop)
    {
        if (!Can.Takes(request.Amount.Currency)) return new GatewayAnswer<Opening>.Refused("currency_not_taken", $"This account takes {options.Currency.Code} only.");
        var ends = request.StartedAt + PageLasts;
        // Nobody was told the address of a page that was made all the same, and it can be paid no more.
        if (clock.GetUtcNow() > ends) return new GatewayAnswer<Opening>.Refused("not_opened", "The payment page could not be opened in time.");
        return await api.Post("/v3/payments", json => Write(json, request, ends), $"{request.Payment}-create", stop) switch
        {
            GatewayAnswer<JsonElement>.Accepted(var data) => Opened(data, ends),
            GatewayAnswer<JsonElement>.Refused(var code, var text) => new GatewayAnswer<Opening>.Refused(code, text),
            GatewayAnswer<JsonElement>.Unknown(var why) => new GatewayAnswer<Opening>.Unknown(why),
            _ => throw new InvalidOperationException("There is no other answer."),
        };
    }

    private void Write(Utf8JsonWriter json, GatewayPaymentRequest request, DateTimeOffset ends)
    {
        json.WriteStartObject("Order");
        json.WritePropertyName("Amount");
        json.WriteRawValue(WireAmount.Write(request.Amount));
        json.WriteString("Currency", request.Amount.Currency.Code);
        json.WriteString("ExternalIdentifier", request.Payment.ToString());
        json.WriteEndObject();
        json.WriteString("OperationType", "PAY");
        json.WriteString("NotificationOption", "LINK");
        json.WriteString("PaymentExpiry", ends.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteString("Language", options.Language);
        json.WriteStartObject("Customer");
        json.WriteString("Reference", request.Payment.ToString());
        json.WriteEndObject();
        json.WriteStartObject("IntegrationUrls");
        json.WriteString("Redirection", new Uri(options.ReturnTo, $"/return/{Name}/{request.Payment}").AbsoluteUri);
        json.WriteString("Webhook", new Uri(options.ReturnTo, $"/api/v1/webhooks/{Name}").AbsoluteUri);
        json.WriteEndObject();
    }

    private static GatewayAnswer<Opening> Opened(JsonElement data, DateTimeOffset ends)
    {
        var (invoice, payment) = (Text(Member(data, "InvoiceId")), Text(Member(data, "PaymentId")));
        return MyFatoorahReference.IsName(invoice) && Uri.TryCreate(Text(Member(data, "PaymentURL")), UriKind.Absolute, out var page) && page.Scheme is "https" or "http"
            ? new GatewayAnswer<Opening>.Accepted(new Opening(new MyFatoorahReference(invoice!, MyFatoorahReference.IsName(payment) ? payment! : "", ends.ToUnixTimeSeconds()).ToString(), page.AbsoluteUri))
            : new GatewayAnswer<Opening>.Unknown("The answer has no invoice or no page.");
    }

    public async Task<GatewayAnswer<PaymentFact>> Fetch(PaymentId payment, string reference, CancellationToken stop)
    {
        if (MyFatoorahReference.Parse(reference) is not { } asked) return new GatewayAnswer<PaymentFact>.Unknown("This is no reference of MyFatoorah.");
        var past = clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(asked.Ends);
        var end = past > UnderWay ? PageEnd.LongAgo : past > Grace ? PageEnd.Past : PageEnd.Ahead;
        return asked.Payment.Length > 0
            ? Read(await api.Get($"/v3/payments/{asked.Payment}", stop), data => MyFatoorahReading.Payment(data, payment, asked, end))
            : Read(await api.Ask("/v2/GetPaymentStatus", json => Key(json, "InvoiceId", asked.Invoice), stop), data => MyFatoorahReading.PaymentV2(data, payment, asked, end, options.Currency));
    }

    public Task<GatewayAnswer<PaymentFact>> Capture(CaptureRequest request, CancellationToken stop) => throw new InvalidOperationException("Nothing is held here.");

    // There is no call that closes a page: it is only asked.
    public Task<GatewayAnswer<PaymentFact>> Cancel(PaymentId payment, string reference, CancellationToken stop) => Fetch(payment, reference, stop);

    public async Task<GatewayAnswer<RefundFact>> Refund(RefundId refund, string gatewayPayment, Amount amount, CancellationToken stop) =>
        Read(await api.Post("/v2/MakeRefund", json =>
        {
            Key(json, "InvoiceId", gatewayPayment);
            json.WritePropertyName("Amount");
            json.WriteRawValue(WireAmount.Write(amount));
            json.WriteBoolean("ServiceChargeOnCustomer", false);
            json.WriteString("Comment", refund.ToString());
            json.WriteString("ExternalIdentifier", refund.ToString());
        }, $"{refund}-create", stop), data => Text(Member(data, "RefundId")) is { Length: > 0 and <= 60 } id
            ? new RefundFact(refund, RefundFactState.Pending, WireAmount.TryRead(Text(Member(data, "Amount")), options.Currency, out var told) ? told : amount, id) : null);

    /// <summary>By their number when it is known. Else by the invoice: the row that names our refund; without one, surely none while asking again is answered
    /// by the key; later only when no row could be it.</summary>
    public async Task<GatewayAnswer<RefundFact?>> FindRefund(RefundSought sought, CancellationToken stop)
    {
        var repeatable = clock.GetUtcNow() < sought.AskedAt + Repeatable;
        var answer = await api.Ask("/v2/GetRefundStatus", json => Key(json, sought.Reference is null ? "InvoiceId" : "RefundId", sought.Reference ?? sought.GatewayPayment), stop);
        if (answer is GatewayAnswer<JsonElement>.Refused && sought.Reference is null && repeatable) return new GatewayAnswer<RefundFact?>.Accepted(null);
        if (answer is not GatewayAnswer<JsonElement>.Accepted(var data)) return new GatewayAnswer<RefundFact?>.Unknown(answer is GatewayAnswer<JsonElement>.Unknown(var why) ? why : "MyFatoorah does not tell.");
        var rows = MyFatoorahReading.Refunds(data);
        var mine = rows.FirstOrDefault(row => sought.Reference is { } known ? string.Equals(Text(Member(row, "RefundId")), known, StringComparison.Ordinal) : MyFatoorahReading.Named(row) == sought.Refund);
        if (mine.ValueKind == JsonValueKind.Object)
            return MyFatoorahReading.Refund(mine, sought.Refund, options.Currency) is { } fact ? new GatewayAnswer<RefundFact?>.Accepted(fact) : new GatewayAnswer<RefundFact?>.Unknown("The refund cannot be read.");
        if (sought.Reference is not null) return new GatewayAnswer<RefundFact?>.Unknown("MyFatoorah does not know its own number.");
        return repeatable || !rows.Where(row => MyFatoorahReading.Named(row) is null).Any(row => MyFatoorahReading.Refund(row, sought.Refund, options.Currency) is not { } other || other.Amount == sought.Amount)
            ? new GatewayAnswer<RefundFact?>.Accepted(null)
            : new GatewayAnswer<RefundFact?>.Unknown("A refund of this amount is there and may be this one: look into MyFatoorah's portal.");
    }

    public Heard Hear(Message message, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(message.Body, new JsonDocumentOptions { MaxDepth = 32 });
            var root = document.RootElement;
            var signature = message.Headers["MyFatoorah-Signature"].ToString();
            if (!Holds(signature, root, options.WebhookSecrets)) return new Heard.Refused();
            var told = Told(root);
            if (told.Payment is { } payment) return new Heard.Hint(payment);
            // Their number of the event is not signed: with the signature beside it, nobody can use up a number that is yet to come.
            var number = Text(At(root, "Event.Reference")) is { Length: <= 100 } reference ? reference : "";
            return new Heard.Proven($"{number}:{signature}", string.Create(CultureInfo.InvariantCulture, $"event {told.Code}"));
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException) { return new Heard.Refused(); } // a name that is no text is the second
    }

    public GatewayFact? ReadWebhook(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return Told(document.RootElement).Refund is { Length: > 0 and <= 60 } refund ? new RefundHint(refund) : null;
    }

    // What a message of either version is about.
    private static (int? Code, PaymentId? Payment, string? Refund) Told(JsonElement root)
    {
        var second = Member(root, "Event") is { ValueKind: JsonValueKind.Object };
        var (code, data) = (second ? Code(Member(root, "Event")!.Value, "Code") : Code(root, "EventType"), Member(root, "Data"));
        var reference = code != 1 ? null : second ? Text(At(data, "Invoice.ExternalIdentifier")) : Text(Member(data, "CustomerReference"));
        return (code, Id.TryParse<PaymentId>(reference, out var payment) ? payment : null, code != 2 ? null : second ? Text(At(data, "Refund.Id")) : Text(Member(data, "RefundId")));
    }

    private static void Key(Utf8JsonWriter json, string type, string key)
    {
        json.WriteString("Key", key);
        json.WriteString("KeyType", type);
    }

    private static GatewayAnswer<T> Read<T>(GatewayAnswer<JsonElement> answer, Func<JsonElement, T?> read) where T : class => answer switch
    {
        GatewayAnswer<JsonElement>.Accepted(var data) => read(data) is { } fact ? new GatewayAnswer<T>.Accepted(fact) : new GatewayAnswer<T>.Unknown("The answer is not about what was asked."),
        GatewayAnswer<JsonElement>.Refused(var code, var text) => new GatewayAnswer<T>.Refused(code, text),
        GatewayAnswer<JsonElement>.Unknown(var why) => new GatewayAnswer<T>.Unknown(why),
        _ => throw new InvalidOperationException("There is no other answer."),
    };
}
