using System.Net.Http.Headers;
using System.Text;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Certification;

/// <summary>The calls of a gateway's API that a check spoils or answers itself.</summary>
internal enum Call { Create, Status, Refund }

/// <summary>What is said of a payment; <c>Unheard</c> is a word that nobody knows.</summary>
internal enum Word { Paid, Open, Failed, Unheard }

/// <summary>How a message proves where it comes from. <c>OldKey</c>: the second of two keys that are valid at once; <c>OtherKey</c>: one that is not, any more.</summary>
internal enum Proof { Good, OldKey, OtherKey, None, Altered }

/// <summary>What a gateway says of a payment, in the answer to a question or in a message. <c>Money</c>: its name of the money, made up when null.
/// <c>More</c>: fields that nobody knows are in it. <c>OtherKind</c>: a number stands for a text, or a text for a number.</summary>
internal sealed record Said(PaymentId About, Amount Amount, Word Word = Word.Paid)
{
    /// <summary>The same saying is the same message, however often it is told.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("n")[..17].ToUpperInvariant();

    public string? Money { get; init; }
    public bool More { get; init; }
    public bool OtherKind { get; init; }
}

/// <summary>What differs between gateways by protocol, and nothing else: how a customer pays at the sandbox, how answers and messages are written, what the sandbox has done.
/// What a gateway can do is not here: the product declares it (<see cref="Capabilities"/>).</summary>
internal abstract class Partner(MoneyWorld world)
{
    public MoneyWorld World => world;

    /// <summary>As in addresses and rows.</summary>
    public abstract string Name { get; }

    /// <summary>What an order costs, in a currency of this gateway; at least four steps of it.</summary>
    public abstract Amount Price { get; }

    /// <summary>The line between the product and this gateway.</summary>
    public virtual Wire Line => world.Wire;

    /// <summary>The descriptions of its API that exist, in tests/peers/specs.</summary>
    public virtual string[] Descriptions => [Name];

    public IGateway Gateway => world.Gateways.Of(Name);
    public Capabilities Can => Gateway.Can;

    /// <summary>A call is made to open a payment.</summary>
    public virtual bool OpensByCall => true;

    /// <summary>A signed message is believed by itself; else it only makes us ask.</summary>
    public virtual bool Believes => false;

    /// <summary>Signatures carry a time that is judged.</summary>
    public virtual bool SignsTime => false;

    /// <summary>Two keys are valid at once while one replaces the other.</summary>
    public virtual bool TwoKeys => false;

    /// <summary>The answer to a question tells how much was paid, and in which currency.</summary>
    public virtual bool TellsAmount => true;
    public virtual bool TellsCurrency => false;

    /// <summary>The answer to a refund tells how much was given back.</summary>
    public virtual bool TellsRefundAmount => true;

    /// <summary>The answer to a refund names it by our reference.</summary>
    public virtual bool NamesRefund => true;

    /// <summary>After so long a page that nobody used has ended.</summary>
    public abstract TimeSpan PageLasts { get; }

    /// <summary>What becomes of a refund that never arrived there, and of one whose answer was lost, after four times <see cref="RefundPause"/>.</summary>
    public virtual RefundState RefundNeverSent => RefundState.Completed;
    public virtual RefundState RefundAnswerLost => RefundState.Completed;
    public virtual TimeSpan RefundPause => 10.Minutes();

    /// <summary>Before every check.</summary>
    public abstract ValueTask Begins();

    public abstract bool Is(Call call, string methodAndPath, string body);

    /// <summary>The customer opens the page and does nothing yet.</summary>
    public virtual Task Visits(PaymentView payment) => Task.CompletedTask;

    public abstract Task Pays(PaymentView payment);
    public abstract Task Declines(PaymentView payment);

    /// <summary>The customer goes away without paying.</summary>
    public abstract Task Leaves(PaymentView payment);

    /// <summary>A number to be asked at, which nobody else has.</summary>
    public virtual string? Phone() => null;

    /// <summary>What was asked for at the gateway for this payment, once for each opening; what was taken; what went back. In minor units.</summary>
    public abstract Task<long[]> Asked(PaymentId payment);
    public abstract Task<long[]> Taken(PaymentId payment);
    public abstract Task<long[]> GivenBack(PaymentId payment);

    /// <summary>Refunds from now on fail after they were accepted.</summary>
    public virtual Task RefundsWillFail() => world.Gateway.Faults(new { failRefunds = true });

    /// <summary>Where people over there decide on refunds, they do it now.</summary>
    public virtual Task DecidesRefunds(PaymentId payment, bool well = true) => Task.CompletedTask;

    /// <summary>The body that answers the question about a payment.</summary>
    public abstract Task<string> Status(Said said);

    /// <summary>The body that answers a refund.</summary>
    public abstract string Refund(RefundId refund, Amount amount);

    /// <summary>The status and body by which it blames the request.</summary>
    public abstract (int Status, string Body) Refusal(Call call);

    /// <summary>Sends a message as this gateway would.</summary>
    public abstract Task<Answer> Tells(Said said, Proof proof = Proof.Good, TimeSpan age = default);

    /// <summary>Something that is no message, as well signed as can be.</summary>
    public abstract Task<Answer> TellsNonsense();

    /// <summary>Any body, at the address that listens to this gateway.</summary>
    public Task<Answer> Posts(byte[] body, string type = "application/json", params (string, string)[] headers) => world.Visitor().Send(HttpMethod.Post, "webhooks/" + Name,
        new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } }, headers);

    public Task<Answer> Posts(string body, string type = "application/json", params (string, string)[] headers) => Posts(Encoding.UTF8.GetBytes(body), type, headers);

    protected async Task<string> Reference(PaymentId payment) => await world.Database.Value<string?>("select gateway_ref from money.payments where id = $1", payment.Value) ?? "";

    /// <summary>Decimals as a number of minor units.</summary>
    protected static long Minor(string text, int decimals)
    {
        var parts = text.Split('.');
        return long.Parse(parts[0] + (parts.Length > 1 ? parts[1] : "").PadRight(decimals, '0'), System.Globalization.CultureInfo.InvariantCulture);
    }
}
