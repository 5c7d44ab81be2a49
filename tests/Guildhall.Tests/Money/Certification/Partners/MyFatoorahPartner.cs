using System.Globalization;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Tests.Money.Gateways.MyFatoorah;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Money.Certification.Partners;

/// <summary>A world in which two secrets of MyFatoorah's messages are valid at once.</summary>
public sealed class MyFatoorahTwoKeys : MyFatoorahWorld
{
    internal const string Old = "guildhall_old_myfatoorah_secret";

    internal override HostSettings Configure(HostSettings settings, int node)
    {
        var with = base.Configure(settings, node);
        return with with { MyFatoorah = with.MyFatoorah! with { WebhookSecrets = [Old, Secret] } };
    }
}

internal sealed class MyFatoorahPartner(MyFatoorahTwoKeys world) : Partner(world)
{
    public override string[] Descriptions => ["myfatoorah", "stripe"]; // the line is Stripe's as well
    public override string Name => "myfatoorah";
    public override Amount Price { get; } = new(25_000, MoneyWorld.Kwd);
    public override bool TwoKeys => true;
    public override bool TellsCurrency => true;
    public override bool NamesRefund => false;

    // A page that nobody used is told as a try under way.
    public override TimeSpan PageLasts => 25.Hours();

    public override ValueTask Begins() => world.Begins();

    public override bool Is(Call call, string methodAndPath, string body) => call switch
    {
        Call.Create => methodAndPath is "POST /v3/payments",
        Call.Status => methodAndPath.StartsWith("GET /v3/payments/", StringComparison.Ordinal) || methodAndPath is "POST /v2/GetPaymentStatus",
        _ => methodAndPath is "POST /v2/MakeRefund",
    };

    public override async Task Pays(PaymentView payment) => await world.PaysAtPage(payment.Id);
    public override async Task Declines(PaymentView payment) => await world.PaysAtPage(payment.Id, "decline");
    public override async Task Leaves(PaymentView payment) => await world.PaysAtPage(payment.Id, "cancel");

    public override async Task<long[]> Asked(PaymentId payment) => [.. (await world.Invoices(payment)).Select(i => i.GetProperty("minor").GetInt64())];
    public override async Task<long[]> Taken(PaymentId payment) => [.. (await world.Invoices(payment)).Where(i => i.GetProperty("status").GetString() is "PAID").Select(i => i.GetProperty("minor").GetInt64())];
    public override async Task<long[]> GivenBack(PaymentId payment) => [.. (await world.Refunds(payment)).Where(r => r.GetProperty("status").GetString() is not "Canceled").Select(r => r.GetProperty("minor").GetInt64())];

    // A refund is a wish that their finance decides.
    public override Task RefundsWillFail() => Task.CompletedTask;

    public override async Task DecidesRefunds(PaymentId payment, bool well = true)
    {
        foreach (var wish in (await world.Refunds(payment)).Where(r => r.GetProperty("status").GetString() is "Pending"))
            await World.Sandbox.Post($"/sandbox/myfatoorah/refunds/{wish.GetProperty("refundId").GetString()}/{(well ? "Refunded" : "Canceled")}");
    }

    private static object Number(Amount amount) => decimal.Parse(amount.Text, CultureInfo.InvariantCulture);

    private static string Invoice(Word word) => word switch { Word.Paid => "PAID", Word.Unheard => "TELEPORTED", _ => "PENDING" };
    private static string Try(Word word) => word switch { Word.Paid => "SUCCESS", Word.Failed => "FAILED", Word.Unheard => "TELEPORTED", _ => "INPROGRESS" };

    private async Task<string> InvoiceOf(PaymentId payment) => (await Reference(payment)).Split('/')[0] is { Length: > 0 } known ? known : "999999";

    public override async Task<string> Status(Said said) => JsonSerializer.Serialize(new
    {
        IsSuccess = true, Message = "",
        Data = new
        {
            Invoice = new { Id = await InvoiceOf(said.About), Status = Invoice(said.Word), ExternalIdentifier = said.About.ToString() }, Transaction = new { Status = Try(said.Word), PaymentId = "1" },
            Novelty = said.More ? "of tomorrow" : null,
            Amount = new { BaseCurrency = said.Amount.Currency.Code, ValueInBaseCurrency = said.OtherKind ? Number(said.Amount) : said.Amount.Text },
        },
    });

    public override string Refund(RefundId refund, Amount amount) => JsonSerializer.Serialize(new { IsSuccess = true, Message = "", Data = new { RefundId = 77_001, Amount = Number(amount), Comment = refund.ToString() } });

    public override (int Status, string Body) Refusal(Call call) => (400, """{"IsSuccess":false,"Message":"Not today.","ValidationErrors":[{"Name":"Day","Error":"Not today."}]}""");

    public override async Task<Answer> Tells(Said said, Proof proof = Proof.Good, TimeSpan age = default)
    {
        var (invoice, number) = (await InvoiceOf(said.About), said.Money ?? said.Id);
        var body = JsonSerializer.Serialize(new
        {
            Event = new { Code = 1, Name = "PAYMENT_STATUS_CHANGED", Reference = "WH-" + said.Id, Novelty = said.More ? "of tomorrow" : null },
            Data = new
            {
                Invoice = new { Id = invoice, Status = Invoice(said.Word), ExternalIdentifier = said.About.ToString() }, Transaction = new { Id = "1", Status = Try(said.Word), PaymentId = number },
                Amount = new { BaseCurrency = said.Amount.Currency.Code, ValueInBaseCurrency = said.Amount.Text },
            },
        });
        var signed = $"Invoice.Id={invoice},Invoice.Status={Invoice(said.Word)},Transaction.Status={Try(said.Word)},Transaction.PaymentId={number},Invoice.ExternalIdentifier={said.About}";
        var signature = MyFatoorahWorld.Sign(signed, proof switch { Proof.OldKey => MyFatoorahTwoKeys.Old, Proof.OtherKey => "guildhall_retired_myfatoorah_secret", _ => MyFatoorahWorld.Secret });
        return await Posts(proof is Proof.Altered ? body.Replace(number, number + "1", StringComparison.Ordinal) : body, "application/json", proof is Proof.None ? [] : [("MyFatoorah-Signature", signature)]);
    }

    public override Task<Answer> TellsNonsense() => Posts("not json", "application/json", ("MyFatoorah-Signature", MyFatoorahWorld.Sign("not json")));
}
