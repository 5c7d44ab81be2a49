using System.Globalization;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways.Mpesa;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Guildhall.Tests.Money.Gateways.Mpesa;

namespace Guildhall.Tests.Money.Certification.Partners;

internal sealed class MpesaPartner(MpesaWorld world) : Partner(world)
{
    public override string Name => "mpesa";
    public override Amount Price { get; } = new(15_000, MpesaWorld.Kes);
    public override bool TellsAmount => false;
    public override bool TellsRefundAmount => false;
    public override bool NamesRefund => false;
    public override TimeSpan PageLasts => 2.Minutes();

    // What is not reversed a day after it was asked for has failed.
    public override RefundState RefundNeverSent => RefundState.Failed;
    public override TimeSpan RefundPause => 9.Hours();

    public override async ValueTask Begins() => await world.Opens();

    public override string? Phone() => world.Phone();

    public override bool Is(Call call, string methodAndPath, string body) => methodAndPath == call switch
    {
        Call.Create => "POST /mpesa/stkpush/v1/processrequest", Call.Status => "POST /mpesa/stkpushquery/v1/query", _ => "POST /mpesa/reversal/v1/request",
    };

    // The prompt names the end of our id.
    private async Task<JsonElement[]> Prompts(PaymentId payment) =>
        [.. (await World.Sandbox.Get("/sandbox/mpesa/prompts")).EnumerateArray().Where(p => p.GetProperty("account").GetString() == payment.Value.ToString("n")[^12..])];

    public override Task Pays(PaymentView payment) => Does(payment, "pay");
    public override Task Declines(PaymentView payment) => Does(payment, "no_money");
    public override Task Leaves(PaymentView payment) => Task.CompletedTask;

    private async Task Does(PaymentView payment, string what) => await World.Sandbox.Post($"/sandbox/mpesa/prompts/{(await Prompts(payment.Id))[0].GetProperty("checkout").GetString()}/{what}");

    private static long Cents(JsonElement shillings) => shillings.GetInt64() * 100;

    public override async Task<long[]> Asked(PaymentId payment) => [.. (await Prompts(payment)).Select(p => Cents(p.GetProperty("amount")))];

    private async Task<JsonElement[]> Paid(PaymentId payment) => [.. (await Prompts(payment)).Where(p => p.TryGetProperty("receipt", out var receipt) && receipt.ValueKind is JsonValueKind.String)];

    public override async Task<long[]> Taken(PaymentId payment) => [.. (await Paid(payment)).Select(p => Cents(p.GetProperty("amount")))];

    public override async Task<long[]> GivenBack(PaymentId payment)
    {
        var receipts = (await Paid(payment)).Select(p => p.GetProperty("receipt").GetString()).ToHashSet(StringComparer.Ordinal);
        return [.. (await World.Sandbox.Get("/sandbox/mpesa/reversals")).EnumerateArray()
            .Where(r => receipts.Contains(r.GetProperty("receipt").GetString()) && r.GetProperty("resultCode").GetString() is "0").Select(r => Cents(r.GetProperty("amount")))];
    }

    private static int Code(Word word) => word switch { Word.Paid => 0, Word.Failed => 1, Word.Unheard => 4711, _ => 4999 };

    public override async Task<string> Status(Said said) => JsonSerializer.Serialize(new
    {
        ResponseCode = "0", ResponseDescription = "accepted", MerchantRequestID = "1", CheckoutRequestID = (await Reference(said.About)).Split(' ')[0], ResultDesc = "so it is", Novelty = said.More ? "of tomorrow" : null,
        ResultCode = said.OtherKind ? (object)Code(said.Word) : Code(said.Word).ToString(CultureInfo.InvariantCulture), Amount = said.Amount.Text, Currency = said.Amount.Currency.Code,
    });

    public override string Refund(RefundId refund, Amount amount) =>
        JsonSerializer.Serialize(new { OriginatorConversationID = "1", ConversationID = $"AG_{refund.Value:n}", ResponseCode = "0", ResponseDescription = "accepted", Amount = amount.Text });

    public override (int Status, string Body) Refusal(Call call) => (400, """{"requestId":"1","errorCode":"400.002.02","errorMessage":"Bad Request - Not today"}""");

    public override async Task<Answer> Tells(Said said, Proof proof = Proof.Good, TimeSpan age = default)
    {
        var prompt = (await Prompts(said.About)).Cast<JsonElement?>().FirstOrDefault();
        var checkout = prompt?.GetProperty("checkout").GetString() ?? "ws_CO_" + said.Id;
        var receipt = said.Money ?? (prompt is { } known && known.TryGetProperty("receipt", out var paid) ? paid.GetString() : null) ?? said.Id[..10];
        object[] items = [new { Name = "Amount", Value = decimal.Parse(said.Amount.Text, CultureInfo.InvariantCulture) }, new { Name = "MpesaReceiptNumber", Value = receipt }, new { Name = "Currency", Value = said.Amount.Currency.Code }];
        var body = JsonSerializer.Serialize(new
        {
            Novelty = said.More ? "of tomorrow" : null,
            Body = new { stkCallback = new { MerchantRequestID = "1", CheckoutRequestID = checkout, ResultCode = Code(said.Word), ResultDesc = "so it is", CallbackMetadata = said.Word is Word.Paid ? new { Item = items } : null } },
        });
        // The secret stands in the address that M-Pesa was told, and what the address says is under it.
        var address = prompt?.GetProperty("callback").GetString() ?? MpesaAddress.OfPayment(world.Options, said.About, Price, World.Clock.Now);
        address = proof switch
        {
            Proof.OtherKey => MpesaAddress.OfPayment(world.Options with { CallbackKey = "a retired key of this test"u8.ToArray() }, said.About, Price, World.Clock.Now),
            Proof.None => address.Split("&key")[0],
            Proof.Altered => address.Replace("minor=", "minor=1", StringComparison.Ordinal),
            _ => address,
        };
        return await world.Tells(address, body);
    }

    public override Task<Answer> TellsNonsense() => world.Tells(MpesaAddress.OfPayment(world.Options, new PaymentId(Guid.CreateVersion7()), Price, World.Clock.Now), "not json");
}
