using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Payments;

/// <summary>Everything that ever happened to a payment, in order, append-only.</summary>
internal static class Timeline
{
    public static Task Note(Transaction tx, Caller caller, PaymentId payment, string kind, object? facts = null) => tx.Change(Insert, new
    {
        payment, now = tx.Now, kind, actor = caller.Name ?? caller.AccountId?.ToString() ?? "anonymous", facts = facts is null ? (Jsonb?)null : new Jsonb(facts),
    });

    private const string Insert = "insert into money.payment_events (payment_id, at, kind, actor, facts) values (@payment, @now, @kind, @actor, @facts)";
}
