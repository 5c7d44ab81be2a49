using System.Text;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Money.Certification.Partners;

/// <summary>A world in which two secrets of Stripe's messages are valid at once.</summary>
public sealed class StripeTwoKeys : MoneyWorld
{
    internal const string Old = "whsec_old";

    internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with { StripeWebhookSecrets = [Old, WebhookSecret] };
}

internal sealed class StripePartner(StripeTwoKeys world) : Partner(world)
{
    public override string Name => "stripe";
    public override Amount Price { get; } = new(25_000, MoneyWorld.Kwd);
    public override bool Believes => true;
    public override bool SignsTime => true;
    public override bool TwoKeys => true;
    public override bool TellsCurrency => true;
    public override TimeSpan PageLasts => 41.Minutes();

    public override ValueTask Begins() => World.StartsAfresh();

    public override bool Is(Call call, string methodAndPath, string body) => call switch
    {
        Call.Create => methodAndPath is "POST /v1/checkout/sessions",
        Call.Status => methodAndPath.StartsWith("GET /v1/checkout/sessions/", StringComparison.Ordinal),
        _ => methodAndPath is "POST /v1/refunds",
    };

    public override async Task Pays(PaymentView payment) => await World.Gateway.Pays(await Reference(payment.Id));
    public override async Task Declines(PaymentView payment) => await World.Gateway.Pays(await Reference(payment.Id), "decline");
    public override async Task Leaves(PaymentView payment) => await World.Gateway.Pays(await Reference(payment.Id), "abandon");

    public override async Task<long[]> Asked(PaymentId payment) =>
        [.. (await World.Gateway.Did("checkout_sessions")).Where(s => s.GetProperty("client_reference_id").GetString() == payment.ToString()).Select(s => s.GetProperty("amount_total").GetInt64())];

    private async Task<JsonElement[]> Intents(PaymentId payment) =>
        [.. (await World.Gateway.Did("payment_intents")).Where(i => i.GetProperty("metadata").TryGetProperty("payment_id", out var id) && id.GetString() == payment.ToString())];

    public override async Task<long[]> Taken(PaymentId payment) => [.. (await Intents(payment)).Select(i => i.GetProperty("amount_received").GetInt64()).Where(minor => minor > 0)];

    public override async Task<long[]> GivenBack(PaymentId payment)
    {
        var intents = (await Intents(payment)).Select(i => i.GetProperty("id").GetString()).ToHashSet(StringComparer.Ordinal);
        return [.. (await World.Gateway.Did("refunds")).Where(r => intents.Contains(r.GetProperty("payment_intent").GetString()) && r.GetProperty("status").GetString() is not "failed").Select(r => r.GetProperty("amount").GetInt64())];
    }

    public override Task<string> Status(Said said)
    {
        object amount = said.OtherKind ? said.Amount.Minor.ToString(System.Globalization.CultureInfo.InvariantCulture) : said.Amount.Minor;
        return Task.FromResult(JsonSerializer.Serialize(new
        {
            id = "cs_" + said.Id, @object = "checkout.session", amount_total = amount, currency = said.Amount.Currency.Code.ToLowerInvariant(), client_reference_id = said.About.ToString(),
            metadata = new { payment_id = said.About.ToString() },
            status = said.Word switch { Word.Paid => "complete", Word.Unheard => "teleported", _ => "open" }, payment_status = said.Word switch { Word.Paid => "paid", Word.Unheard => "teleported", _ => "unpaid" },
            payment_intent = said.Money ?? "pi_" + said.Id, novelty = said.More ? new { of = "tomorrow" } : null,
        }));
    }

    public override string Refund(RefundId refund, Amount amount) => JsonSerializer.Serialize(new
    {
        id = $"re_{refund.Value:n}", @object = "refund", amount = amount.Minor, currency = amount.Currency.Code.ToLowerInvariant(), status = "succeeded", metadata = new { refund_id = refund.ToString() },
    });

    public override (int Status, string Body) Refusal(Call call) => (400, """{"error":{"type":"invalid_request_error","code":"not_today","message":"Not today."}}""");

    public override Task<Answer> Tells(Said said, Proof proof = Proof.Good, TimeSpan age = default)
    {
        var subject = new
        {
            id = said.Money ?? "pi_" + said.Id, @object = "payment_intent", amount = said.Amount.Minor, amount_received = said.Word is Word.Paid ? said.Amount.Minor : 0,
            currency = said.Amount.Currency.Code.ToLowerInvariant(),
            status = said.Word switch { Word.Paid => "succeeded", Word.Failed => "canceled", Word.Unheard => "teleported", _ => "processing" },
            metadata = new { payment_id = said.About.ToString() }, novelty = said.More ? "of tomorrow" : null,
        };
        var body = StripeEvent.Of(said.Word switch { Word.Paid => "payment_intent.succeeded", Word.Failed => "payment_intent.canceled",
            Word.Unheard => "payment_intent.teleported", _ => "payment_intent.processing" }, subject, "evt_" + said.Id);
        return Sends(body, proof, age);
    }

    public override Task<Answer> TellsNonsense() => Sends("not json", Proof.Good, default);

    private Task<Answer> Sends(string body, Proof proof, TimeSpan age)
    {
        var signature = StripeEvent.Sign(body, proof switch { Proof.OldKey => StripeTwoKeys.Old, Proof.OtherKey => "whsec_retired", _ => Support.World.WebhookSecret }, World.Clock.Now - age);
        var sent = Encoding.UTF8.GetBytes(proof is Proof.Altered ? body + " " : body);
        return proof is Proof.None ? Posts(sent) : Posts(sent, "application/json", ("Stripe-Signature", signature));
    }
}
