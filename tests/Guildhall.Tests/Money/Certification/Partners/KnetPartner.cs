using System.Security.Cryptography;
using System.Text;
using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Guildhall.Tests.Money.Gateways.Knet;

namespace Guildhall.Tests.Money.Certification.Partners;

internal sealed class KnetPartner(KnetWorld world) : Partner(world)
{
    public override string Name => "knet";
    public override string[] Descriptions => [];
    public override Amount Price { get; } = new(25_000, MoneyWorld.Kwd);
    public override bool OpensByCall => false;
    public override bool NamesRefund => false;
    public override TimeSpan PageLasts => 21.Minutes();

    // It has no question about refunds.
    public override RefundState RefundNeverSent => RefundState.Unknown;
    public override RefundState RefundAnswerLost => RefundState.Unknown;

    public override ValueTask Begins() => world.Begins();

    public override bool Is(Call call, string methodAndPath, string body) =>
        methodAndPath is "POST /kpg/tranPipe.htm" && call is not Call.Create && body.Contains(call is Call.Status ? "<action>8</action>" : "<action>2</action>", StringComparison.Ordinal);

    public override Task Visits(PaymentView payment) => world.Opens(payment);
    public override Task Pays(PaymentView payment) => Does(payment, "capture");
    public override Task Declines(PaymentView payment) => Does(payment, "decline");
    public override Task Leaves(PaymentView payment) => Visits(payment);

    private async Task Does(PaymentView payment, string outcome)
    {
        await Visits(payment);
        await world.PaysAtPage(payment.Id, outcome);
    }

    public override async Task<long[]> Asked(PaymentId payment) => [.. (await world.Did("payments", payment)).Select(p => p.GetProperty("fils").GetInt64())];

    public override async Task<long[]> Taken(PaymentId payment) =>
        [.. (await world.Did("payments", payment)).Where(p => p.GetProperty("result").GetString() is "CAPTURED" && !p.GetProperty("voided").GetBoolean()).Select(p => p.GetProperty("fils").GetInt64())];

    public override async Task<long[]> GivenBack(PaymentId payment) =>
        [.. (await world.Did("refunds", payment)).Where(r => r.GetProperty("result").GetString() is "CAPTURED").Select(r => r.GetProperty("fils").GetInt64())];

    private static string Result(Word word) => word switch { Word.Paid => "CAPTURED", Word.Failed => "NOT CAPTURED", Word.Unheard => "TELEPORTED", _ => "HOST TIMEOUT" };

    // Numbers and texts are the same in tags; an amount may come without its zeros.
    public override Task<string> Status(Said said) => Task.FromResult(
        $"<result>{Result(said.Word)}</result><trackid>{KnetWorld.Track(said.About)}</trackid><payid>{said.Id}</payid><tranid>{said.Money ?? said.Id}</tranid>"
        + $"<amt>{(said.OtherKind ? said.Amount.Text.TrimEnd('0').TrimEnd('.') : said.Amount.Text)}</amt>"
        + $"<currencycode>{said.Amount.Currency.Code}</currencycode>" + (said.More ? "<novelty>of tomorrow</novelty>" : ""));

    public override string Refund(RefundId refund, Amount amount) => $"<result>CAPTURED</result><tranid>T{refund.Value:n}</tranid><amt>{amount.Text}</amt>";

    public override (int Status, string Body) Refusal(Call call) => (200, "<result>NOT CAPTURED</result>");

    public override Task<Answer> Tells(Said said, Proof proof = Proof.Good, TimeSpan age = default)
    {
        var text = $"paymentid={said.Id}&result={Result(said.Word).Replace(' ', '+')}&tranid={said.Money ?? said.Id}"
            + $"&trackid={KnetWorld.Track(said.About)}&amt={said.Amount.Text}&currencycode={said.Amount.Currency.Code}" + (said.More ? "&novelty=tomorrow" : "");
        var closed = Seal(text, proof is Proof.OtherKey ? "KnetRetiredKey16" : KnetWorld.Key);
        return Posts(proof is Proof.None ? text : "trandata=" + (proof is Proof.Altered ? closed[..^2] : closed), "application/x-www-form-urlencoded");
    }

    public override Task<Answer> TellsNonsense() => Posts("trandata=" + Seal("nothing of this is a field", KnetWorld.Key), "application/x-www-form-urlencoded");

    private static string Seal(string text, string key)
    {
        using var aes = Aes.Create();
        aes.Key = Encoding.ASCII.GetBytes(key);
        return Convert.ToHexStringLower(aes.EncryptCbc(Encoding.UTF8.GetBytes(text), aes.Key));
    }
}
