using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Money.Payouts;

/// <summary>built → approved by another person → sent (the file was made and taken to the bank) → settled (every transfer has ended); or discarded
/// before it was sent.</summary>
public enum BatchState { Built, Approved, Sent, Settled, Discarded }

/// <summary>A batch as the API shows it; what is decided is bound to its revision. The total is of what is in it now.</summary>
public sealed record BatchView(PayoutBatchId Id, BatchState State, int Revision, Amount Total, int Count, int Excluded, int Arrived, int CameBack, DateOnly ExecuteOn,
    Guid BuiltBy, DateTimeOffset BuiltAt, Guid? ApprovedBy, DateTimeOffset? ApprovedAt, Guid? SentBy, DateTimeOffset? SentAt, DateTimeOffset? SettledAt, string? File, string? Sha256);

/// <summary>One payout in a batch.</summary>
public sealed record BatchItemView(int No, WithdrawalId Withdrawal, PayoutId Payout, string EndToEnd, Guid Provider, Amount Amount, string Destination, bool Included, string? Reason, PayoutState State);

internal sealed record BatchRow(PayoutBatchId Id, Currency Currency, BatchState State, int Revision, DateOnly ExecuteOn, Guid BuiltBy, DateTimeOffset BuiltAt, Guid? ApprovedBy,
    DateTimeOffset? ApprovedAt, Guid? SentBy, DateTimeOffset? SentAt, DateTimeOffset? SettledAt, long Total, int Items, int Excluded, int Arrived, int CameBack, string? File, string? Sha256)
{
    public BatchView ToView() => new(Id, State, Revision, new Amount(Total, Currency), Items, Excluded, Arrived, CameBack, ExecuteOn, BuiltBy, BuiltAt, ApprovedBy, ApprovedAt, SentBy, SentAt,
        SettledAt, File, Sha256);
}

internal static class BatchRows
{
    public const string Select = """
        select b.id, b.currency, b.state, b.revision, b.execute_on, b.built_by, b.built_at, b.approved_by, b.approved_at, b.sent_by, b.sent_at, b.settled_at,
            i.total, i.items, i.excluded, i.arrived, i.came_back, f.name as file, encode(f.sha256, 'hex') as sha256
        from money.payout_batches b left join money.payout_files f on f.batch_id = b.id
        cross join lateral (
            select coalesce(sum(x.minor) filter (where x.state = 'included'), 0)::bigint as total, (count(*) filter (where x.state = 'included'))::int as items,
                (count(*) filter (where x.state = 'excluded'))::int as excluded, (count(*) filter (where x.state = 'included' and p.state = 'completed'))::int as arrived,
                (count(*) filter (where x.state = 'included' and p.state in ('failed', 'returned')))::int as came_back
            from money.payout_batch_items x join money.payouts p on p.id = x.payout_id where x.batch_id = b.id) i
        """;

    public static Task<BatchRow?> Find(Database database, PayoutBatchId id, CancellationToken stop) => database.Find<BatchRow>($"{Select} where b.id = @id", new { id }, stop);

    public static Task<BatchRow?> Lock(Transaction tx, PayoutBatchId id) => tx.Find<BatchRow>($"{Select} where b.id = @id for update of b", new { id });
}
