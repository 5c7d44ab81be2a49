using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Payouts;

/// <summary>What the bank's statement says of a payout that left by file, named by its end-to-end id: paid, or returned. Each statement line counts
/// once; the same line again changes nothing, the same line with another content is refused. It goes through <see cref="SettlePayout"/>.</summary>
public static class RecordBankResult
{
    public enum Outcome { Paid, Returned }

    /// <param name="Reference">The bank's own reference of the statement line.</param>
    /// <param name="EndToEnd">Ours, as it was in the file.</param>
    /// <param name="Outcome">What became of it.</param>
    /// <param name="Amount">As the bank booked it.</param>
    /// <param name="Note">The bank's reason of a return.</param>
    public sealed record Body(string Reference, string EndToEnd, Outcome Outcome, Amount Amount, string? Note = null);

    private sealed record Found(PayoutId Id, PayoutState State, DateTimeOffset? SentAt, Currency Currency, long Minor, PayoutBatchId? Batch)
    {
        public Amount Amount => new(Minor, Currency);
    }

    private sealed record Kept(PayoutId PayoutId, Outcome Outcome, Currency Currency, long Minor);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/bank-results", async (Body body, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, body), stop)).ToHttp())
        .WithName(nameof(RecordBankResult)).Requires(MoneyPermissions.SettlementRecord).Idempotent();

    private static Outcome? Says(PayoutState state) => state switch
    {
        PayoutState.Completed => Outcome.Paid,
        PayoutState.Failed or PayoutState.Returned => Outcome.Returned,
        _ => null,
    };

    public static async Task<Result<Done>> Run(Transaction tx, Caller source, Body body)
    {
        if (body.Reference is not { Length: >= 1 and <= 200 } || body.Note is { Length: > 500 }) return MoneyRefusals.BankResultInvalid;
        var payout = await tx.Find<Found>("""
            select p.id, p.state, p.sent_at, w.currency, w.minor - w.fee_minor as minor, i.batch_id as batch
            from money.withdrawals w join money.payouts p on p.withdrawal_id = w.id left join money.payout_batch_items i on i.payout_id = p.id and i.state = 'included'
            where p.end_to_end = @EndToEnd and p.gateway = 'bank_file' for update of w, p
            """, new { EndToEnd = body.EndToEnd.Trim().ToLowerInvariant() });
        if (payout is null) return MoneyRefusals.BankResultUnknown;
        if (payout.SentAt is null) return MoneyRefusals.BankResultTooEarly;
        var fresh = await tx.ChangeNow("""
            insert into money.bank_results (reference, payout_id, outcome, currency, minor, note, recorded_by, recorded_at)
            values (@Reference, @Id, @Outcome, @currency, @minor, @Note, @by, @now) on conflict (reference) do nothing
            """, new { body.Reference, payout.Id, body.Outcome, currency = body.Amount.Currency, minor = body.Amount.Minor, body.Note, by = source.AccountId, now = tx.Now }) == 1;
        if (!fresh)
        {
            var kept = await tx.Get<Kept>("select payout_id, outcome, currency, minor from money.bank_results where reference = @Reference", new { body.Reference });
            return kept == new Kept(payout.Id, body.Outcome, body.Amount.Currency, body.Amount.Minor) ? default(Done) : MoneyRefusals.BankResultTaken;
        }
        if (body.Amount != payout.Amount) return MoneyRefusals.BankResultAmount.With(("expected", payout.Amount));
        // A person who names another line has mistyped, or the bank moved money twice: neither is done by doing nothing.
        if (source.AccountId is not null && Says(payout.State) == body.Outcome) return MoneyRefusals.BankResultRepeated;
        var state = body.Outcome == Outcome.Paid ? PayoutFactState.Completed : PayoutFactState.Failed;
        var settled = await SettlePayout.Run(tx, source, new PayoutFact(payout.Id, state, body.Amount, null, null, body.Outcome == Outcome.Returned ? body.Note ?? "The bank sent it back." : null));
        if (settled.Granted && payout.Batch is { } batch) await tx.Enqueue(new CloseBatch(batch), uniqueKey: batch.ToString());
        return settled;
    }
}

/// <summary>sent → settled when every payout of the batch has ended.</summary>
public sealed record CloseBatch(PayoutBatchId Batch) : IJob
{
    public static string Kind => "close_payout_batch";

    internal static Task Run(Transaction tx, CloseBatch job) => tx.Change("""
        update money.payout_batches b set state = 'settled', settled_at = @now, revision = revision + 1 where b.id = @Batch and b.state = 'sent'
            and not exists (select 1 from money.payout_batch_items i join money.payouts p on p.id = i.payout_id
                where i.batch_id = b.id and i.state = 'included' and p.state not in ('completed', 'failed', 'returned'))
        """, new { job.Batch, now = tx.Now });
}
