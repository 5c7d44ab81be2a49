using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Tests.Money.Gateways.PayPal;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Money.Certification.Partners;

internal sealed class PayPalPartner(PayPalWorld world) : Partner(world)
{
    private const string OldWebhook = "WHGUILDHALLSANDBOX", RetiredWebhook = "8PT597110X687430L";

    public override string Name => "paypal";
    public override Amount Price { get; } = new(2_500, MoneyWorld.Usd);
    public override Wire Line => world.PayPalWire;
    public override string[] Descriptions => ["paypal-orders", "paypal-payments"];
    public override bool Believes => true;
    public override bool TwoKeys => true;
    public override bool TellsCurrency => true;
    public override TimeSpan PageLasts => 7.Hours();

    public override async ValueTask Begins()
    {
        await world.StartsWithPayPal();
        // The certificates of messages made here are found over the other line: this one is for the API.
        world.Wire.Before = async http =>
        {
            if (!http.Request.Path.StartsWithSegments("/v1/notifications/certs", StringComparison.Ordinal)) return false;
            await http.Response.WriteAsync(world.Signer.Pem);
            return true;
        };
    }

    // The customer's agreement moves nothing: the question about the order takes the money.
    public override bool Is(Call call, string methodAndPath, string body) => call switch
    {
        Call.Create => methodAndPath is "POST /v2/checkout/orders",
        Call.Status => methodAndPath.Contains(" /v2/checkout/orders/", StringComparison.Ordinal),
        _ => methodAndPath.StartsWith("POST /v2/payments/captures/", StringComparison.Ordinal),
    };

    public override Task Pays(PaymentView payment) => Chooses(payment, "good");
    public override Task Declines(PaymentView payment) => Chooses(payment, "declined");
    public override Task Leaves(PaymentView payment) => Chooses(payment, "cancel");

    private async Task Chooses(PaymentView payment, string funds) => await World.Sandbox.Post($"/sandbox/paypal/orders/{await Reference(payment.Id)}/approve", new { funds });

    private static long Cents(JsonElement part) => Minor(part.GetProperty("amount").GetProperty("value").GetString()!, 2);

    public override async Task<long[]> Asked(PaymentId payment) => [.. (await world.AtPayPal(payment)).Select(o => Cents(o.GetProperty("purchase_units")[0]))];

    public override async Task<long[]> Taken(PaymentId payment) =>
        [.. (await world.Parts(payment, "captures")).Where(c => c.GetProperty("status").GetString() is "COMPLETED" or "REFUNDED" or "PARTIALLY_REFUNDED").Select(Cents)];

    public override async Task<long[]> GivenBack(PaymentId payment) => [.. (await world.Parts(payment, "refunds")).Where(r => r.GetProperty("status").GetString() is not "FAILED").Select(Cents)];

    public override async Task<string> Status(Said said)
    {
        var about = said.About.ToString();
        var money = new { currency_code = said.Amount.Currency.Code, value = said.OtherKind ? (object)decimal.Parse(said.Amount.Text, System.Globalization.CultureInfo.InvariantCulture) : said.Amount.Text };
        object captures = said.Word is Word.Open ? Array.Empty<object>()
            : new[] { new { id = said.Money ?? said.Id, status = said.Word switch { Word.Paid => "COMPLETED", Word.Failed => "DECLINED", _ => "TELEPORTED" }, amount = money, custom_id = about, final_capture = true } };
        return JsonSerializer.Serialize(new
        {
            id = await Reference(said.About), intent = "CAPTURE", status = said.Word switch { Word.Open => "PAYER_ACTION_REQUIRED", Word.Unheard => "TELEPORTED", _ => "COMPLETED" }, novelty = said.More ? new { of = "tomorrow" } : null,
            purchase_units = new[] { new { reference_id = "default", custom_id = about, amount = money, payments = new { captures } } },
        });
    }

    public override string Refund(RefundId refund, Amount amount) => JsonSerializer.Serialize(new
    {
        id = refund.Value.ToString("n")[..17].ToUpperInvariant(), status = "COMPLETED", amount = new { currency_code = amount.Currency.Code, value = amount.Text }, custom_id = refund.ToString(),
    });

    public override (int Status, string Body) Refusal(Call call) => (422, """{"name":"UNPROCESSABLE_ENTITY","message":"Not today.","details":[{"issue":"NOT_TODAY","description":"Not today."}]}""");

    public override Task<Answer> Tells(Said said, Proof proof = Proof.Good, TimeSpan age = default)
    {
        var type = said.Word switch { Word.Paid => "PAYMENT.CAPTURE.COMPLETED", Word.Failed => "PAYMENT.CAPTURE.DENIED", Word.Unheard => "PAYMENT.CAPTURE.TELEPORTED", _ => "PAYMENT.CAPTURE.PENDING" };
        return Sends(JsonSerializer.Serialize(new
        {
            id = "WH-" + said.Id, event_version = "1.0", event_type = type, resource_type = "capture", novelty = said.More ? "of tomorrow" : null,
            resource = new
            {
                id = said.Money ?? said.Id, status = said.Word switch { Word.Paid => "COMPLETED", Word.Failed => "DECLINED", Word.Unheard => "TELEPORTED", _ => "PENDING" },
                amount = new { currency_code = said.Amount.Currency.Code, value = said.Amount.Text }, custom_id = said.About.ToString(), final_capture = true,
            },
        }), proof);
    }

    public override Task<Answer> TellsNonsense() => Sends("not json", Proof.Good);

    private Task<Answer> Sends(string body, Proof proof)
    {
        var certificate = new Uri(world.Wire.Address, "/v1/notifications/certs/CERT-" + world.Signer.Name).AbsoluteUri;
        var headers = world.Signer.Headers(body, proof switch { Proof.OldKey => OldWebhook, Proof.OtherKey => RetiredWebhook, _ => PayPalWorld.OtherWebhook }, certificate);
        return Posts(proof is Proof.Altered ? body + " " : body, "application/json", proof is Proof.None ? [] : headers);
    }
}
