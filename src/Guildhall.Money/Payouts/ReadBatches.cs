using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Payouts;

/// <summary>Batches, newest first, their payouts, and the file of one that was sent: the same bytes each time, and who took them is audited.</summary>
public static class ReadBatches
{
    public const int PageSize = 50;

    public sealed record Page(IReadOnlyList<BatchView> Batches, string? Next);
    public sealed record File(string Name, byte[] Body);

    private sealed record ItemRow(int No, WithdrawalId WithdrawalId, PayoutId PayoutId, string EndToEnd, Guid ProviderId, Currency Currency, long Minor, string Hint, bool Included, string? Reason, PayoutState State);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/payout-batches", async (PayoutBatchId? after, Database database, CancellationToken stop) => Results.Ok(await List(database, after, stop)))
            .WithName(nameof(ReadBatches)).Requires(MoneyPermissions.WithdrawalView).Produces<Page>();
        admin.MapGet("/payout-batches/{id}", async (PayoutBatchId id, Database database, CancellationToken stop) =>
            await One(database, id, stop) is { } found ? Results.Ok(found) : MoneyRefusals.BatchNotFound.ToHttp())
            .WithName("ReadBatch").Requires(MoneyPermissions.WithdrawalView).Produces<BatchView>();
        admin.MapGet("/payout-batches/{id}/file", async (PayoutBatchId id, Caller caller, Database database, CancellationToken stop) =>
            await Download(database, caller, id, stop) is { } file ? Results.File(file.Body, "application/xml", file.Name) : MoneyRefusals.BatchNotFound.ToHttp())
            .WithName("DownloadBatch").Requires(MoneyPermissions.WithdrawalDecide);
    }

    public static async Task<Page> List(Database database, PayoutBatchId? after, CancellationToken stop)
    {
        var rows = await database.List<BatchRow>($"{BatchRows.Select} where (@after is null or b.id < @after) order by b.id desc limit @limit", new { after, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize).Select(r => r.ToView())], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString() : null);
    }

    public static async Task<BatchView?> One(Database database, PayoutBatchId id, CancellationToken stop) => (await BatchRows.Find(database, id, stop))?.ToView();

    /// <summary>The payouts of a batch after this number, a page of them.</summary>
    public static async Task<IReadOnlyList<BatchItemView>> Items(Database database, PayoutBatchId id, int afterNo, CancellationToken stop) => [.. (await database.List<ItemRow>("""
        select i.no, p.withdrawal_id, p.id as payout_id, p.end_to_end, w.provider_id, w.currency, i.minor, d.hint, i.state = 'included' as included, coalesce(w.held_code, i.reason) as reason, p.state
        from money.payout_batch_items i join money.payouts p on p.id = i.payout_id join money.withdrawals w on w.id = p.withdrawal_id join money.destinations d on d.id = w.destination_id
        where i.batch_id = @id and i.no > @afterNo order by i.no limit @PageSize
        """, new { id, afterNo, PageSize }, stop)).Select(r => new BatchItemView(r.No, r.WithdrawalId, r.PayoutId, r.EndToEnd, r.ProviderId, new Amount(r.Minor, r.Currency), r.Hint, r.Included,
            r.Included ? null : r.Reason, r.State))];

    /// <summary>What waits for a batch: approved, by bank file, not held, in none; per currency.</summary>
    public static async Task<IReadOnlyList<Waiting>> WaitingNow(Database database, CancellationToken stop) => [.. (await database.List<WaitingRow>("""
        select w.currency, count(*) as count, sum(w.minor - w.fee_minor)::bigint as minor from money.withdrawals w join money.payouts p on p.withdrawal_id = w.id
        where p.state = 'created' and p.gateway = 'bank_file' and w.state = 'approved' and w.held_code is null
            and not exists (select 1 from money.payout_batch_items i where i.payout_id = p.id and i.state = 'included')
        group by 1 order by 1 limit 200
        """, stop: stop)).Select(r => new Waiting(new Amount(r.Minor, r.Currency), r.Count))];

    public sealed record Waiting(Amount Total, long Count);

    private sealed record WaitingRow(Currency Currency, long Count, long Minor);

    public static Task<File?> Download(Database database, Caller caller, PayoutBatchId id, CancellationToken stop) => database.InTransaction(async tx =>
    {
        var file = await tx.Find<File>("select name, body from money.payout_files where batch_id = @id", new { id });
        if (file is not null) await tx.Audit(caller, "batch.downloaded", "payout_batch", id.ToString());
        return file;
    }, stop);
}
