using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Withdrawals;

/// <summary>What happened to a withdrawal, by whom, in order. <c>ActorId</c> is the account of a person; <c>Actor</c> names who else it was.</summary>
public sealed record WithdrawalEvent(DateTimeOffset At, string Kind, Guid? ActorId, string Actor, string? Note);

/// <summary>The history of a withdrawal; written in the transaction of what happens.</summary>
public static class WithdrawalEvents
{
    private const int Limit = 200;

    /// <summary>Oldest first. The caller has been let see the withdrawal.</summary>
    public static Task<IReadOnlyList<WithdrawalEvent>> Of(Database database, WithdrawalId id, CancellationToken stop) => database.List<WithdrawalEvent>(
        "select at, kind, actor_id, actor, note from money.withdrawal_events where withdrawal_id = @id order by id limit @Limit", new { id, Limit }, stop);

    internal static Task Add(Transaction tx, Caller by, WithdrawalId withdrawal, string kind, string? note = null) => AddAll(tx, by, [withdrawal], kind, note);

    internal static Task AddAll(Transaction tx, Caller by, IReadOnlyCollection<WithdrawalId> withdrawals, string kind, string? note = null) => tx.Change("""
        insert into money.withdrawal_events (withdrawal_id, at, kind, actor_id, actor, note) select w, @now, @kind, @actorId, @actor, @note from unnest(@ids) as w
        """, new { ids = withdrawals.Select(w => w.Value).ToArray(), now = tx.Now, kind, actorId = by.AccountId, actor = by.AccountId is null ? by.Name ?? "system" : "person", note });
}
