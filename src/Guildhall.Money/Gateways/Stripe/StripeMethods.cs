using System.Globalization;
using System.Text.Json;
using Guildhall.Foundation;
using static Guildhall.Money.Gateways.Stripe.StripeAnswers;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>Stripe's customers and the cards kept for them. A customer there knows our account's id and nothing else of the person.</summary>
internal sealed class StripeMethods(StripeApi api, StripeOptions options) : IGatewayMethods
{
    // Their clock may be behind ours.
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromHours(1);

    public async Task<GatewayAnswer<string>> MakeCustomer(Guid account, CancellationToken stop) =>
        StripeAnswers.Read(await api.Post("/v1/customers", $"customer-{account:n}", [new("metadata[account_id]", account.ToString())], stop), customer => GatewayJson.Text(customer, "id"));

    public async Task<GatewayAnswer<Charge>> Charge(ChargeRequest request, CancellationToken stop)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("amount", StripeAmounts.Write(request.Amount)), new("currency", StripeAmounts.Write(request.Amount.Currency)), new("customer", request.Customer),
            new("payment_method", request.Token), new("confirm", "true"), new("metadata[payment_id]", request.Payment.ToString()),
            new("metadata[order_id]", request.Order.ToString()), new("metadata[method_id]", request.Method.ToString()),
            new("return_url", new Uri(options.ReturnTo, $"/return/stripe/{request.Payment}").AbsoluteUri),
        ];
        if (request.OffSession) form.Add(new("off_session", "true"));
        if (request.CaptureLater) form.Add(new("capture_method", "manual"));
        return StripeAnswers.Read(await api.Post("/v1/payment_intents", $"{request.Payment}-charge", form, stop), ChargeOf);
    }

    public Task<GatewayAnswer<Charge?>> FindCharge(PaymentId payment, string customer, DateTimeOffset since, CancellationToken stop)
    {
        var from = (since - ClocksDiffer).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return Search(api, $"/v1/payment_intents?limit=100&customer={customer}&created[gte]={from}", null, ChargeOf, charge => charge.Fact.Payment == payment, stop);
    }

    public async Task<GatewayAnswer<KeptMethod?>> KeptBy(PaymentId payment, string reference, CancellationToken stop) =>
        Kept(await api.Get($"/v1/checkout/sessions/{reference}?expand[]=payment_intent.payment_method", stop), session => Part(Part(session, "payment_intent"), "payment_method"));

    public async Task<GatewayAnswer<KeptMethod?>> Read(string token, CancellationToken stop) => Kept(await api.Get($"/v1/payment_methods/{token}", stop), method => method);

    public async Task<GatewayAnswer<Done>> Forget(SavedMethodId method, string token, CancellationToken stop)
    {
        var answer = await api.Post($"/v1/payment_methods/{token}/detach", $"{method}-detach", [], stop);
        if (answer is GatewayAnswer<JsonElement>.Accepted) return new GatewayAnswer<Done>.Accepted(default);
        // What nobody has cannot be detached: that is asked, not guessed from words.
        return answer is GatewayAnswer<JsonElement>.Refused && await Read(token, stop) is GatewayAnswer<KeptMethod?>.Accepted(null) ? new GatewayAnswer<Done>.Accepted(default) : Pass<Done>(answer);
    }

    private static Charge? ChargeOf(JsonElement intent) =>
        StripeReading.Intent(intent) is { } fact ? new Charge(fact, GatewayJson.Text(Part(Part(intent, "next_action"), "redirect_to_url"), "url")) : null;

    private static GatewayAnswer<KeptMethod?> Kept(GatewayAnswer<JsonElement> answer, Func<JsonElement, JsonElement> find) => answer switch
    {
        GatewayAnswer<JsonElement>.Accepted(var found) => new GatewayAnswer<KeptMethod?>.Accepted(Card(find(found))),
        GatewayAnswer<JsonElement>.Refused("resource_missing", _) => new GatewayAnswer<KeptMethod?>.Accepted(null),
        _ => Pass<KeptMethod?>(answer),
    };

    // Only a card that belongs to a customer can be charged again.
    private static KeptMethod? Card(JsonElement method)
    {
        var card = Part(method, "card");
        return (GatewayJson.Text(method, "id"), GatewayJson.Text(method, "customer"), GatewayJson.Text(card, "brand"), GatewayJson.Text(card, "last4")) is ({ } id, { } customer, { } brand, { Length: 4 } last4)
            && Number(card, "exp_month") is >= 1 and <= 12 and var month && Number(card, "exp_year") is >= 2000 and <= 2100 and var year
            && last4.All(char.IsAsciiDigit) && brand.Length <= 30 && brand.All(c => char.IsAsciiLetterLower(c) || c is '_')
            ? new KeptMethod(customer, id, brand, last4, month, year, GatewayJson.Text(card, "fingerprint")) : null;
    }

    private static JsonElement Part(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var part) ? part : default;

    private static int Number(JsonElement element, string name) => Part(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : -1;
}
