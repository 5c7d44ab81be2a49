using System.Text;
using Guildhall.Money;

namespace Guildhall.Tests.Money.Certification;

/// <summary>Who may tell something: forged, altered, old, foreign and senseless messages, and keys that are replaced.</summary>
internal static class ProofChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        new("Forged: made with another key", a => Forged(a, Proof.OtherKey)),
        new("Forged: without any proof", a => Forged(a, Proof.None)),
        new("Forged: altered after it was signed", a => Forged(a, Proof.Altered)),
        new("Forged: no message at all, well signed", Nonsense),
        new("Forged: nothing at all", Nothing),
        new("Forged: larger than any message", TooLarge),
        new("Foreign: a payment that there is not", UnknownPayment),
        new("Foreign: a payment of another gateway", OfAnotherGateway),
        new("Clock: signed four minutes ago", a => Skewed(a, 4.Minutes(), holds: true)),
        new("Clock: signed four minutes from now", a => Skewed(a, -4.Minutes(), holds: true)),
        new("Clock: signed two hours ago", a => Skewed(a, 2.Hours(), holds: false)),
        new("Clock: signed two hours from now", a => Skewed(a, -2.Hours(), holds: false)),
        new("Keys: both are taken while one replaces the other", BothKeys),
        new("Keys: one that was taken out is not taken, the new one is", KeyTakenOut),
    ];

    // How many messages were kept that name no payment. The sandbox is silent meanwhile: what it tells again of earlier checks does not count.
    private static async Task<long> Stored(Attempt a)
    {
        await a.NoMessages();
        return await a.World.Database.Count("money.webhooks where gateway = $1 and payment_id is null and position('pay_' in encode(body, 'escape')) = 0", a.Partner.Name);
    }

    // Refused without being stored, though the customer has paid meanwhile; a good one after it is taken.
    private static async Task<Outcome> Forged(Attempt a, Proof proof)
    {
        await a.NoMessages();
        var (deal, payment) = await a.Opened();
        await a.Partner.Pays(payment);
        var before = await MessageChecks.Kept(a, payment.Id);
        var said = new Said(payment.Id, a.Price);
        (await a.Partner.Tells(said, proof)).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        await a.IsUntouched(deal, payment.Id);
        (await MessageChecks.Kept(a, payment.Id)).ShouldBe(before);
        (await a.Partner.Tells(said)).Must();
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> Nonsense(Attempt a)
    {
        var (before, errors) = (await Stored(a), a.World.Errors.Count);
        (await a.Partner.TellsNonsense()).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await Stored(a)).ShouldBe(before);
        a.World.Errors.Count.ShouldBe(errors);
        return Outcome.Passed;
    }

    private static async Task<Outcome> Nothing(Attempt a)
    {
        var before = await Stored(a);
        foreach (var type in new[] { "application/json", "application/x-www-form-urlencoded", "text/plain" }) (await a.Partner.Posts("", type)).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await Stored(a)).ShouldBe(before);
        return Outcome.Passed;
    }

    private static async Task<Outcome> TooLarge(Attempt a)
    {
        var before = await Stored(a);
        (await a.Partner.Posts(Encoding.ASCII.GetBytes(new string('x', 200 * 1024)))).MustRefuse(FoundationRefusals.BodyTooLarge);
        (await Stored(a)).ShouldBe(before);
        return Outcome.Passed;
    }

    private static async Task<Outcome> UnknownPayment(Attempt a)
    {
        await a.NoMessages();
        var unmatched = await Unmatched(a);
        (await a.Partner.Tells(new Said(new PaymentId(Guid.CreateVersion7()), a.Price))).Must();
        await a.World.EventuallyOr("It was not kept for a person.", async () => await Unmatched(a) == unmatched + 1);
        return Outcome.Passed;
    }

    private static Task<long> Unmatched(Attempt a) => a.World.Database.Count("money.webhooks where gateway = $1 and state = 'unmatched'", a.Partner.Name);

    private static async Task<Outcome> OfAnotherGateway(Attempt a)
    {
        await a.NoMessages();
        var (deal, payment) = await a.Opened();
        await a.Partner.Pays(payment);
        await a.World.Database.Execute("update money.payments set gateway = 'elsewhere' where id = $1", payment.Id.Value);
        var unmatched = await Unmatched(a);
        (await a.Partner.Tells(new Said(payment.Id, a.Price))).Must();
        await a.World.EventuallyOr("It was not kept for a person.", async () => await Unmatched(a) == unmatched + 1);
        (await a.Returns(payment.Id)).Must(404);
        await a.IsUntouched(deal, payment.Id);
        await a.World.Database.Execute("update money.payments set gateway = $2 where id = $1", payment.Id.Value, a.Partner.Name);
        await a.Asks(payment.Id);
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> Skewed(Attempt a, TimeSpan age, bool holds)
    {
        await a.NoMessages();
        var (deal, payment) = await a.Opened();
        var said = new Said(payment.Id, a.Price);
        if (!a.Partner.SignsTime)
        {
            // Nothing in it tells when it was made: told in time and told again later it is the same message, and changes nothing.
            await a.Partner.Pays(payment);
            (await a.Partner.Tells(said)).Must();
            await a.IsCaptured(deal, payment.Id);
            await a.World.Clock.Passes(age.Duration());
            var before = await MessageChecks.Kept(a, payment.Id);
            (await a.Partner.Tells(said)).Must();
            await a.World.JobsAreDone();
            (await MessageChecks.Kept(a, payment.Id)).ShouldBe(before);
            await a.IsCaptured(deal, payment.Id);
            return Outcome.NotOffered;
        }
        var told = await a.Partner.Tells(said, age: age);
        if (holds)
        {
            told.Must();
            await a.IsCaptured(deal, payment.Id);
            return Outcome.Passed;
        }
        told.MustRefuse(MoneyRefusals.WebhookNotTrusted);
        await a.IsUntouched(deal, payment.Id);
        (await a.World.Database.Count("money.clock_doubts where gateway = $1 and seconds_off = $2", a.Partner.Name, (long)age.TotalSeconds)).ShouldBeGreaterThan(0);
        return Outcome.Passed;
    }

    private static async Task<Outcome> BothKeys(Attempt a)
    {
        await a.NoMessages();
        var (deal, payment) = await a.Opened();
        await a.Partner.Pays(payment);
        var said = new Said(payment.Id, a.Price);
        if (!a.Partner.TwoKeys)
        {
            // There is one key: while it is replaced, messages under the other are refused and the gateway is asked instead.
            (await a.Partner.Tells(said, Proof.OtherKey)).MustRefuse(MoneyRefusals.WebhookNotTrusted);
            await a.Asks(payment.Id);
            await a.IsCaptured(deal, payment.Id);
            return Outcome.NotOffered;
        }
        (await a.Partner.Tells(said, Proof.OldKey)).Must();
        await a.IsCaptured(deal, payment.Id);
        (await a.Partner.Tells(said)).Must();
        await a.World.JobsAreDone();
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> KeyTakenOut(Attempt a)
    {
        var (first, second) = (await a.Opened(), await a.Opened());
        await a.NoMessages();
        await a.Partner.Pays(second.Payment);
        (await a.Partner.Tells(new Said(first.Payment.Id, a.Price), Proof.OtherKey)).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await a.Partner.Tells(new Said(second.Payment.Id, a.Price), Proof.OtherKey)).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await a.Partner.Tells(new Said(second.Payment.Id, a.Price))).Must();
        await a.IsCaptured(second.Deal, second.Payment.Id);
        await a.IsUntouched(first.Deal, first.Payment.Id);
        return Outcome.Passed;
    }
}
