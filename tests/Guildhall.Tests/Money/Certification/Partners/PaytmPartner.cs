using System.Globalization;
using System.Text;
using Guildhall.Money;
using Guildhall.Money.Gateways.Paytm;
using Guildhall.Money.Payments;
using Guildhall.Tests.Money.Gateways.Paytm;

namespace Guildhall.Tests.Money.Certification.Partners;

internal sealed class PaytmPartner(PaytmWorld world) : Partner(world)
{
    public override string Name => "paytm";
    public override Amount Price { get; } = new(25_000, PaytmWorld.Inr);
    public override TimeSpan PageLasts => 41.Minutes();

    public override async ValueTask Begins() => await world.Opens();

    public override bool Is(Call call, string methodAndPath, string body) => methodAndPath == call switch
    {
        Call.Create => "POST /theia/api/v1/initiateTransaction", Call.Status => "POST /v3/order/status", _ => "POST /refund/apply",
    };

    public override Task Pays(PaymentView payment) => world.Does(payment.Id);
    public override Task Declines(PaymentView payment) => world.Does(payment.Id, "decline");
    public override Task Leaves(PaymentView payment) => world.Does(payment.Id, "leave");

    public override async Task<long[]> Asked(PaymentId payment) => [.. (await world.Orders(payment)).Select(o => o.GetProperty("amount").GetInt64())];
    public override async Task<long[]> Taken(PaymentId payment) => [.. (await world.Orders(payment)).Where(o => o.GetProperty("status").GetString() is "TXN_SUCCESS").Select(o => o.GetProperty("amount").GetInt64())];

    public override async Task<long[]> GivenBack(PaymentId payment) => [.. (await World.Sandbox.Get("/sandbox/paytm/refunds")).EnumerateArray()
        .Where(r => r.GetProperty("orderId").GetString() == payment.ToString() && !r.GetProperty("fails").GetBoolean()).Select(r => r.GetProperty("amount").GetInt64())];

    private string Sealed(object body) => Encoding.UTF8.GetString(PaytmEnvelope.Seal(body, PaytmWorld.Key, World.Clock.Now));

    private static (string Status, string Code) Words(Word word) => word switch { Word.Paid => ("TXN_SUCCESS", "01"), Word.Failed => ("TXN_FAILURE", "227"), Word.Unheard => ("TELEPORTED", "999"), _ => ("PENDING", "402") };

    public override Task<string> Status(Said said)
    {
        var (status, code) = Words(said.Word);
        return Task.FromResult(Sealed(new
        {
            resultInfo = new { resultStatus = status, resultCode = code, resultMsg = "so it is" }, orderId = said.About.ToString(), txnId = said.Money ?? said.Id, currency = said.Amount.Currency.Code,
            txnAmount = said.OtherKind ? (object)decimal.Parse(said.Amount.Text, CultureInfo.InvariantCulture) : said.Amount.Text, novelty = said.More ? "of tomorrow" : null,
        }));
    }

    public override string Refund(RefundId refund, Amount amount) =>
        Sealed(new { resultInfo = new { resultStatus = "TXN_SUCCESS", resultCode = "10", resultMsg = "done" }, refId = refund.ToString(), refundId = refund.Value.ToString("n"), refundAmount = amount.Text });

    public override (int Status, string Body) Refusal(Call call) => (200, Sealed(new { resultInfo = new { resultStatus = call is Call.Create ? "F" : "TXN_FAILURE", resultCode = "600", resultMsg = "Not today." } }));

    public override Task<Answer> Tells(Said said, Proof proof = Proof.Good, TimeSpan age = default)
    {
        var (status, code) = Words(said.Word);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MID"] = "GUILDH00000000000001", ["ORDERID"] = said.About.ToString(), ["TXNID"] = said.Money ?? said.Id, ["TXNAMOUNT"] = said.Amount.Text, ["CURRENCY"] = said.Amount.Currency.Code, ["STATUS"] = status, ["RESPCODE"] = code,
        };
        if (said.More) fields["NOVELTY"] = "of tomorrow";
        if (proof is not Proof.None)
            fields["CHECKSUMHASH"] = PaytmSignature.Make(PaytmSignature.Join(fields.Select(f => new KeyValuePair<string, string?>(f.Key, f.Value))), proof is Proof.OtherKey ? "a retired key 26" : PaytmWorld.Key, "salt");
        if (proof is Proof.Altered) fields["TXNID"] += "1";
        return Posts(string.Join('&', fields.Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}")), "application/x-www-form-urlencoded");
    }

    public override Task<Answer> TellsNonsense() => Posts("not json");
}
