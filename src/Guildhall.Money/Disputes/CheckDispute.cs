using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;

namespace Guildhall.Money.Disputes;

/// <summary>Asks the gateway how a dispute stands and settles the answer; asks again when something was settled in between. A dispute of a payment that
/// is not captured here yet has the payment asked about first.</summary>
public sealed record CheckDispute(string Gateway, string Reference, long? Webhook = null) : IJob
{
    public static string Kind => "check_dispute";

    internal static readonly Caller Source = Caller.System("dispute_check");

    internal static async Task Run(JobContext context, CheckDispute job)
    {
        switch (await Ask(context.Database, context.Get<DisputeDesks>(), context.Get<GatewayBook>(), job.Gateway, job.Reference, context.Stop))
        {
            case Outcome.Again: throw new RunAgainException(TimeSpan.FromSeconds(1));
            case Outcome.NoAnswer: throw new RunAgainException(TimeSpan.FromSeconds(Math.Min(600, 5 * Math.Pow(2, context.Attempt))));
            case Outcome.NotOurs when job.Webhook is { } webhook:
                await context.Database.Change("update money.webhooks set state = 'unmatched', note = 'payment_not_found' where id = @webhook and state = 'done'", new { webhook }, context.Stop);
                break;
        }
    }

    internal enum Outcome { Settled, Again, NoAnswer, NotOurs }

    /// <summary>One question now, by whoever has the answer: <paramref name="ask"/> when the question was an act.</summary>
    internal static async Task<Outcome> Ask(Database database, DisputeDesks desks, GatewayBook gateways, string name, string reference, CancellationToken stop,
        Func<Task<GatewayAnswer<DisputeFact>>>? ask = null)
    {
        var seen = await database.Find<int?>("select revision from money.disputes where gateway = @name and gateway_ref = @reference", new { name, reference }, stop) ?? 0;
        var answer = ask is null ? await desks.Of(name).Fetch(reference, stop) : await ask();
        if (answer is GatewayAnswer<DisputeFact>.Refused) return Outcome.NotOurs;
        if (answer is not GatewayAnswer<DisputeFact>.Accepted(var fact)) return Outcome.NoAnswer;
        var payment = await database.InTransaction(tx => SettleDispute.PaymentOf(tx, name, fact), stop);
        if (payment is not { } id) return Outcome.NotOurs;
        var settled = await database.InTransaction(tx => SettleDispute.Settle(tx, Source, name, id, fact, seen), stop);
        if (settled.Is(out var counted, out var refusal)) return counted ? Outcome.Settled : Outcome.Again;
        if (refusal != MoneyRefusals.PaymentNotCaptured) return Outcome.NotOurs;
        // The gateway disputes what we have not seen captured: it knows more than we do.
        var found = (await Payments.Payments.Find(database, id, stop))!;
        if (found is not { GatewayRef: null, MethodId: null }) found = await CheckPayment.Ask(database, gateways, found, stop);
        return found.CapturedMinor > 0 ? Outcome.Again : Outcome.NoAnswer;
    }
}
