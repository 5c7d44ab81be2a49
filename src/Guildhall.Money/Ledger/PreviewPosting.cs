using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Balances;
using Guildhall.Money.Disputes;
using Guildhall.Money.Escrow;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger.Exchange;
using Guildhall.Money.Payments;
using Guildhall.Money.Payouts;
using Guildhall.Money.Refunds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger;

/// <summary>What an act would post, before it is done: the act itself runs, what it posted is read, and all of it is rolled back. So it cannot say anything else
/// than what would happen now, refusals too. Where a gateway has the last word, it is asked for nothing and taken to agree.</summary>
public static class PreviewPosting
{
    /// <summary>One line of a journal: debits are positive, credits negative.</summary>
    public sealed record Line(string Journal, string Account, Guid? Owner, Amount Amount);

    /// <param name="Lines">None when the act posts nothing.</param>
    public sealed record View(IReadOnlyList<Line> Lines);

    private sealed record Row(string Journal, string Account, Guid? Owner, Currency Currency, long Minor);

    private static readonly Refusal Undo = new("preview", 500, "A preview is always undone.");
    private static readonly Caller Source = Caller.System("preview");

    private sealed record Taken(Currency Currency, long Minor, long AmountMinor);

    internal static void Map(IEndpointRouteBuilder orders, IEndpointRouteBuilder payments, IEndpointRouteBuilder admin)
    {
        payments.MapGet("/{id}/refunds/preview", async (PaymentId id, long? minor, Caller caller, Database database, CancellationToken stop) =>
                (await Refund(database, caller, id, minor, stop)).ToHttp())
            .WithName("PreviewRefund").Requires(MoneyPermissions.PaymentRefund).Produces<View>();
        payments.MapGet("/{id}/capture/preview", async (PaymentId id, long? minor, Caller caller, Database database, GatewayBook gateways, CancellationToken stop) =>
                (await Capture(database, gateways, caller, id, minor, stop)).ToHttp())
            .WithName("PreviewCapture").Requires(MoneyPermissions.PaymentCapture).Produces<View>();
        payments.MapGet("/{id}/void/preview", async (PaymentId id, Caller caller, Database database, GatewayBook gateways, CancellationToken stop) =>
                (await Void(database, gateways, caller, id, stop)).ToHttp())
            .WithName("PreviewVoid").Requires(MoneyPermissions.PaymentCapture).Produces<View>();
        orders.MapGet("/{id}/release/preview", async (OrderId id, Database database, CancellationToken stop) => (await Release(database, id, stop)).ToHttp())
            .WithName("PreviewRelease").Requires(MoneyPermissions.PaymentView).Produces<View>();
        admin.MapGet("/disputes/{id}/preview", async (DisputeId id, DisputeFactState outcome, Database database, CancellationToken stop) => (await Dispute(database, id, outcome, stop)).ToHttp())
            .WithName("PreviewDispute").Requires(MoneyPermissions.PaymentView).Produces<View>();
        admin.MapGet("/providers/{provider:guid}/write-offs/preview", async (Guid provider, long minor, Currency currency, Database database, CancellationToken stop) =>
                (await WriteOff(database, provider, new Amount(minor, currency), stop)).ToHttp())
            .WithName("PreviewWriteOff").Requires(MoneyPermissions.DebtWriteOff).Produces<View>();
        admin.MapGet("/payouts/{id}/outcomes/preview", async (PayoutId id, bool paid, Caller caller, Database database, Rails rails, CancellationToken stop) =>
                (await PayoutOutcome(database, rails, caller, id, paid, stop)).ToHttp())
            .WithName("PreviewPayoutOutcome").Requires(MoneyPermissions.SettlementRecord).Produces<View>();
    }

    /// <param name="minor">In the payment's currency; all that is left when null.</param>
    public static Task<Result<View>> Refund(Database database, Caller caller, PaymentId id, long? minor, CancellationToken stop) => Of(database, async tx =>
    {
        var amount = minor is { } some && await Find(tx, id) is { } payment ? new Amount(some, payment.Currency) : (Amount?)null;
        return (await RequestRefund.OfPayment(tx, caller, id, new("Preview.", amount))).Refusal;
    }, stop);

    public static Task<Result<View>> Release(Database database, OrderId order, CancellationToken stop) =>
        Of(database, async tx => (await ReleaseEscrow.Run(tx, Source, order)).Refusal, stop);

    /// <summary>The capture, once the gateway has done it; all that is held when no amount is given.</summary>
    public static Task<Result<View>> Capture(Database database, GatewayBook gateways, Caller caller, PaymentId id, long? minor, CancellationToken stop) => Of(database, async tx =>
    {
        var amount = minor is { } some && await Find(tx, id) is { } payment ? new Amount(some, payment.Currency) : (Amount?)null;
        if ((await CapturePayment.Ask(tx, gateways, caller, id, amount)).Refusal is { } refusal) return refusal;
        var taken = (await Find(tx, id))!;
        return (await SettlePayment.Run(tx, Source, new PaymentFact(id, FactState.Captured, new Amount(taken.Minor, taken.Currency)))).Refusal;
    }, stop);

    /// <summary>Held money that is let go, once the gateway has done it.</summary>
    public static Task<Result<View>> Void(Database database, GatewayBook gateways, Caller caller, PaymentId id, CancellationToken stop) => Of(database, async tx =>
    {
        if ((await VoidPayment.Ask(tx, gateways, caller, id, "Preview.")).Refusal is { } refusal) return refusal;
        var held = (await Find(tx, id))!;
        return (await SettlePayment.Run(tx, Source, new PaymentFact(id, FactState.Cancelled, new Amount(held.AmountMinor, held.Currency)))).Refusal;
    }, stop);

    /// <summary>How a dispute may end: lost, the gateway keeps what it took, or takes all of it now; otherwise it gives back what it took.</summary>
    public static Task<Result<View>> Dispute(Database database, DisputeId id, DisputeFactState outcome, CancellationToken stop) => Of(database, async tx =>
        await Disputes.Disputes.Lock(tx, id) is { } known ? (await SettleDispute.Settle(tx, Source, known.Gateway, known.PaymentId, Ends(known, outcome), known.Revision)).Refusal : MoneyRefusals.DisputeNotFound, stop);

    /// <summary>What a colleague's approval would post.</summary>
    public static Task<Result<View>> WriteOff(Database database, Guid provider, Amount amount, CancellationToken stop) =>
        Of(database, async tx => (await WriteOffDebt.Post(tx, Guid.CreateVersion7().ToString(), provider, amount)).Refusal, stop);

    /// <summary>What a colleague's approval of what was found would post.</summary>
    public static Task<Result<View>> PayoutOutcome(Database database, Rails rails, Caller caller, PayoutId id, bool paid, CancellationToken stop) =>
        Of(database, async tx => (await RecordPayoutOutcome.Settle(tx, rails, caller, id, paid, "Preview.")).Refusal, stop);

    public static Task<Result<View>> Conversion(Database database, Caller caller, ConvertMoney.Body body, CancellationToken stop) =>
        Of(database, async tx => (await ConvertMoney.Run(tx, caller, body)).Refusal, stop);

    private static DisputeFact Ends(Dispute known, DisputeFactState outcome)
    {
        var lost = outcome == DisputeFactState.Lost;
        var taken = lost && known.WithdrawnMinor == known.ReinstatedMinor ? known.WithdrawnMinor + known.Minor : known.WithdrawnMinor;
        return new DisputeFact(known.GatewayRef, null, known.PaymentId, outcome, known.Of(known.Minor), known.Reason, known.OpenedAt, known.DueAt, known.Of(taken),
            known.Of(lost ? known.ReinstatedMinor : taken), known.FeeCurrency is { } fee ? new Amount(known.FeeMinor, fee) : null);
    }

    private static Task<Taken?> Find(Transaction tx, PaymentId id) => tx.Find<Taken>("""
        select p.currency, g.captured_minor + g.capturing_minor as minor, p.amount_minor from money.payments p join money.payment_guards g on g.payment_id = p.id where p.id = @id
        """, new { id });

    private static async Task<Result<View>> Of(Database database, Func<Transaction, Task<Refusal?>> act, CancellationToken stop)
    {
        IReadOnlyList<Row> rows = [];
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            var before = await tx.Get<long>("select coalesce(max(id), 0) from money.journals");
            if (await act(tx) is { } refusal) return refusal;
            rows = await tx.List<Row>(Posted, new { before });
            return Undo;
        }, stop);
        return done.Refusal == Undo ? new View([.. rows.Select(r => new Line(r.Journal, r.Account, r.Owner, new Amount(r.Minor, r.Currency)))]) : done.Refusal!;
    }

    private const string Posted = """
        select j.kind as journal, a.kind as account, a.owner_id as owner, a.currency, e.minor
        from money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
        where j.id > @before and j.tx = pg_current_xact_id() order by j.id, e.no limit 200
        """;
}
