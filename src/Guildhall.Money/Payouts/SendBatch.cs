using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Money.Ledger;
using Guildhall.Money.Withdrawals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Payouts;

/// <summary>approved → sent: everything is looked at again, what may not go is taken out and held while the others go, the totals are of what is left;
/// the file is made, checked against its schema and kept, and the money leaves the providers' reserves. Once: afterwards the same bytes are read.</summary>
public static class SendBatch
{
    public sealed record Body(int Revision);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/payout-batches/{id}/actions/send", async (PayoutBatchId id, Body body, Caller caller, Database database, MasterKey master, BankOptions bank, CancellationToken stop) =>
            (await Run(database, master, bank, caller, id, body.Revision, stop)).ToHttp())
        .WithName(nameof(SendBatch)).Requires(MoneyPermissions.WithdrawalDecide).Idempotent().Produces<BatchView>();

    public static async Task<Result<BatchView>> Run(Database database, MasterKey master, BankOptions bank, Caller caller, PayoutBatchId id, int revision, CancellationToken stop)
    {
        var empty = false;
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            empty = false;
            var batch = await BatchRows.Lock(tx, id);
            if (batch is null) return MoneyRefusals.BatchNotFound;
            if (batch.State is BatchState.Sent or BatchState.Settled) return default(Done);
            if (batch.State != BatchState.Approved) return MoneyRefusals.BatchStateWrong;
            if (batch.Revision != revision) return MoneyRefusals.BatchChangedMeanwhile;
            if (!bank.Accounts.TryGetValue(batch.Currency.Code, out var account)) return MoneyRefusals.BankAccountMissing;

            var included = await tx.List<PayoutId>("select payout_id from money.payout_batch_items where batch_id = @id and state = 'included' order by no limit 10000", new { id });
            var good = await BatchItems.Sendable(tx, master, caller, included);
            var gone = included.Select(p => p.Value).Except(good.Select(g => g.Item.Id.Value)).ToArray();
            if (gone.Length > 0) await DiscardBatch.TakeOut(tx, caller, id, gone, "held");
            empty = good.Count == 0;
            if (empty)
            {
                await tx.ChangeOne("update money.payout_batches set state = 'discarded', discarded_by = @by, revision = revision + 1 where id = @id and state = 'approved'", new { id, by = caller.AccountId });
                return default(Done);
            }
            await Keep(tx, bank.Holder, account, batch, [.. good.Select(g => g.Transfer)]);
            await Leave(tx, caller, id, [.. good.Select(g => g.Item)]);
            await tx.Audit(caller, "batch.sent", "payout_batch", id.ToString(), before: new { batch.Items, batch.Total }, after: new { good.Count, Excluded = gone.Length });
            return default(Done);
        }, stop);
        if (!done.Is(out _, out var no)) return no;
        return empty ? MoneyRefusals.BatchEmpty : (await BatchRows.Find(database, id, stop))!.ToView();
    }

    private static async Task Keep(Transaction tx, string holder, BankOptions.Debtor account, BatchRow batch, IReadOnlyList<PainFile.Transfer> transfers)
    {
        var version = await tx.Setting(MoneySettings.BankFileVersion);
        var day = DateOnly.FromDateTime(tx.Now.UtcDateTime) is var today && today > batch.ExecuteOn ? today : batch.ExecuteOn;
        var body = PainFile.Write(new PainFile.Head(batch.Id.Value, version, batch.Currency, holder, account, day, tx.Now), transfers);
        await tx.ChangeOne("insert into money.payout_files (batch_id, name, body, sha256, made_at) values (@Id, @name, @body, sha256(@body), @now)",
            new { batch.Id, name = $"pain.{version}-{batch.Currency.Code}-{tx.Now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}-{batch.Id.Value.ToString("N")[^8..]}.xml", body, now = tx.Now });
    }

    // All in few statements: a batch has up to 10,000 payouts.
    private static async Task Leave(Transaction tx, Caller caller, PayoutBatchId id, IReadOnlyList<Recheck.Item> items)
    {
        var withdrawals = items.Select(i => i.WithdrawalId.Value).ToArray();
        if (await tx.ChangeNow("update money.payouts set state = 'in_transit', sent_at = @now, changed_at = @now where id = any (@ids) and state = 'created'",
                new { ids = items.Select(i => i.Id.Value).ToArray(), now = tx.Now }) != items.Count
            || await tx.ChangeNow("update money.withdrawals set state = 'processing', revision = revision + 1, changed_at = @now where id = any (@withdrawals) and state = 'approved'",
                new { withdrawals, now = tx.Now }) != items.Count) throw new InvalidOperationException($"Batch {id} changed while it was sent.");
        await tx.ChangeOne("update money.payout_batches set state = 'sent', sent_by = @by, sent_at = @now, revision = revision + 1 where id = @id and state = 'approved'", new { id, by = caller.AccountId, now = tx.Now });
        await WithdrawalEvents.AddAll(tx, caller, [.. items.Select(i => i.WithdrawalId)], "processing", id.ToString());
        foreach (var some in items.Chunk(1000))
        {
            foreach (var item in some)
            {
                await SentJournal.Post(tx, item);
                await tx.Publish(new PayoutChanged(item.Id, item.WithdrawalId, item.ProviderId, item.Net, PayoutState.InTransit, null));
                await tx.Publish(new WithdrawalChanged(item.WithdrawalId, item.ProviderId, item.Amount, WithdrawalState.Processing, null));
            }
            await tx.Flush();
        }
    }
}

internal static class SentJournal
{
    /// <summary>The money leaves the reserve: what the bank gets is in transit, the fee is earned.</summary>
    public static Task Post(Transaction tx, Recheck.Item item) => new Journal($"payout:{item.Id}", "payout_sent")
        .Move(item.Net, debit: Book.Reserved(item.ProviderId), credit: Book.PayoutsInTransit)
        .Move(item.Fee, debit: Book.Reserved(item.ProviderId), credit: Book.Platform(AccountKind.PayoutFee)).Post(tx);
}
