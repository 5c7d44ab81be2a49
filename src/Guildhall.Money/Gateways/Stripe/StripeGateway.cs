using System.Globalization;
using System.Text.Json;
using Guildhall.Foundation;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>Stripe, by hosted checkout, refunds, and transfers with payouts of connected accounts. Written from its documentation and tried against
/// the sandbox's stand-in only, never against the live service.</summary>
internal sealed class StripeGateway(StripeApi api, StripeOptions options, TimeProvider clock) : IGateway
{
    // Stripe refuses a page that is open for less than 30 minutes: for ten minutes a lost answer can be asked for again.
    private static readonly TimeSpan PageLifetime = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan Repeatable = TimeSpan.FromMinutes(10);
    private const int MaxPages = 20;

    public string Name => "stripe";

    public GatewayStatus Status => api.Status;

    public long Step(Currency currency) => StripeAmounts.Step(currency);

    public async Task<GatewayAnswer<GatewayPage>> Create(GatewayPaymentRequest request, CancellationToken stop)
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
            GatewayAnswer<JsonElement>.Refused when clock.GetUtcNow() > request.StartedAt + Repeatable =>
                new GatewayAnswer<GatewayPage>.Refused("not_opened", "The payment page could not be opened in time."),
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
        // Whatever is answered, what became of it is asked: it may have been paid. An uncaptured authorization is let go.
        var now = await Fetch(payment, reference, stop);
        if (closed is GatewayAnswer<JsonElement>.Unknown && now is GatewayAnswer<PaymentFact>.Accepted { Value.State: FactState.Open }) return Pass<PaymentFact>(closed);
        if (now is GatewayAnswer<PaymentFact>.Accepted { Value: { State: FactState.Authorized, GatewayPayment: { } intent } })
            return Read(await api.Post($"/v1/payment_intents/{intent}/cancel", $"{payment}-cancel", [new("cancellation_reason", "abandoned")], stop), StripeReading.Intent);
        return now is GatewayAnswer<PaymentFact>.Accepted { Value: { State: FactState.Expired } expired } ? new GatewayAnswer<PaymentFact>.Accepted(expired with { State = FactState.Cancelled }) : now;
    }

    public async Task<GatewayAnswer<RefundFact>> Refund(RefundId refund, string gatewayPayment, Amount amount, CancellationToken stop) =>
        Read(await api.Post("/v1/refunds", $"{refund}-create",
            [new("payment_intent", gatewayPayment), new("amount", StripeAmounts.Write(amount)), new("metadata[refund_id]", refund.ToString())], stop), StripeReading.Refund);

    public async Task<GatewayAnswer<RefundFact?>> FindRefund(RefundId refund, string gatewayPayment, CancellationToken stop) =>
        await Search($"/v1/refunds?limit=100&payment_intent={gatewayPayment}", null, StripeReading.Refund, fact => fact.Refund == refund, stop);

    public async Task<GatewayAnswer<string>> RegisterDestination(DestinationId destination, Currency currency, CancellationToken stop) =>
        Read(await api.Post("/v1/accounts", $"{destination}-account",
            [new("type", "custom"), new("capabilities[transfers][requested]", "true"), new("metadata[destination_id]", destination.ToString())], stop), account => StripeApi.Text(account, "id"));

    public async Task<GatewayAnswer<PayoutFact>> Payout(PayoutRequest request, CancellationToken stop)
    {
        var (amount, currency) = (StripeAmounts.Write(request.Amount), StripeAmounts.Write(request.Amount.Currency));
        var transferId = request.Transfer;
        if (transferId is null)
        {
            var moved = await api.Post("/v1/transfers", $"{request.Payout}-transfer", [new("amount", amount), new("currency", currency), new("destination", request.Destination),
                new("transfer_group", request.Payout.ToString()), new("metadata[payout_id]", request.Payout.ToString())], stop);
            if (moved is not GatewayAnswer<JsonElement>.Accepted(var transfer)) return Pass<PayoutFact>(moved);
            transferId = StripeApi.Text(transfer, "id")!;
        }
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
        if (!StripeReading.TryAmount(transfer, "amount", out var amount)) return new GatewayAnswer<PayoutFact?>.Unknown("The transfer has no amount.");
        return await Search("/v1/payouts?limit=100", destination, found => StripeReading.Payout(found, transferId), fact => fact.Payout == payout, stop) switch
        {
            GatewayAnswer<PayoutFact?>.Accepted { Value: null } => new GatewayAnswer<PayoutFact?>.Accepted(new PayoutFact(payout, PayoutFactState.InTransit, amount, transferId, null)),
            var answer => answer,
        };
    }

    public async Task<GatewayAnswer<string>> TakeBack(PayoutId payout, string transferReference, Amount amount, CancellationToken stop)
    {
        var back = await api.Post($"/v1/transfers/{transferReference}/reversals", $"{payout}-reversal",
            [new("amount", StripeAmounts.Write(amount)), new("metadata[payout_id]", payout.ToString())], stop);
        if (back is GatewayAnswer<JsonElement>.Refused && await api.Get($"/v1/transfers/{transferReference}", stop) is GatewayAnswer<JsonElement>.Accepted(var transfer)
            && StripeReading.TryAmount(transfer, "amount_reversed", out var reversed) && reversed.Minor >= amount.Minor) return new GatewayAnswer<string>.Accepted(transferReference);
        return Read(back, reversal => StripeApi.Text(reversal, "id"));
    }

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
        if (!document.RootElement.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("object", out var subject)) return null;
        // Of a connected account only its payouts are ours: a charge there is not our money.
        return (StripeApi.Text(subject, "object"), StripeApi.Text(document.RootElement, "account")) switch
        {
            ("checkout.session", null) => StripeReading.Session(subject),
            ("payment_intent", null) => StripeReading.Intent(subject),
            ("refund", null) => StripeReading.Refund(subject),
            ("payout", _) => StripeReading.Payout(subject),
            _ => null,
        };
    }

    private static GatewayAnswer<T> Read<T>(GatewayAnswer<JsonElement> answer, Func<JsonElement, T?> read) where T : class => answer switch
    {
        GatewayAnswer<JsonElement>.Accepted(var element) => read(element) is { } fact ? new GatewayAnswer<T>.Accepted(fact) : new GatewayAnswer<T>.Unknown("The answer does not name what was asked about."),
        _ => Pass<T>(answer),
    };

    // Newest first, page by page; only a list read to its end proves that there is none.
    private async Task<GatewayAnswer<T?>> Search<T>(string path, string? account, Func<JsonElement, T?> read, Func<T, bool> wanted, CancellationToken stop) where T : class
    {
        var last = "";
        for (var page = 0; page < MaxPages; page++)
        {
            var answer = await api.Get(path + last, stop, account);
            if (answer is not GatewayAnswer<JsonElement>.Accepted(var list)) return Pass<T?>(answer);
            var rows = list.GetProperty("data").EnumerateArray().ToArray();
            if (rows.Select(read).FirstOrDefault(fact => fact is not null && wanted(fact)) is { } found) return new GatewayAnswer<T?>.Accepted(found);
            if (rows.Length == 0 || !list.TryGetProperty("has_more", out var more) || more.ValueKind != JsonValueKind.True) return new GatewayAnswer<T?>.Accepted(null);
            last = "&starting_after=" + StripeApi.Text(rows[^1], "id");
        }
        return new GatewayAnswer<T?>.Unknown("The list has no end.");
    }

    private static GatewayAnswer<T> Pass<T>(GatewayAnswer<JsonElement> answer) => answer switch
    {
        GatewayAnswer<JsonElement>.Refused(var code, var text) => new GatewayAnswer<T>.Refused(code, text),
        GatewayAnswer<JsonElement>.Unknown(var why) => new GatewayAnswer<T>.Unknown(why),
        _ => throw new InvalidOperationException("An accepted answer is read, not passed on."),
    };
}
