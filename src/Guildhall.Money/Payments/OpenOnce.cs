using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Payments;

/// <summary>A gateway that would ask the customer twice (<see cref="Capabilities.OpensOnce"/>) is asked by whoever claims the payment first, and never again. When its answer
/// is lost, its message names the payment; without one the attempt has failed. Should it be paid even later, it pays the order or goes back.</summary>
internal static class OpenOnce
{
    // What is asked within the first is known by a message, or never will be, after the second.
    private static readonly TimeSpan AskWithin = TimeSpan.FromMinutes(1), KnownWithin = TimeSpan.FromMinutes(3);

    /// <summary>True for one caller in all.</summary>
    public static async Task<bool> MayAsk(Database database, Caller caller, Payment payment, CancellationToken stop)
    {
        var age = database.Clock.GetUtcNow() - payment.CreatedAt;
        if (age <= AskWithin && await database.Change(Claim, new { payment.Id, now = database.Clock.GetUtcNow() }, stop) == 1) return true;
        if (age > KnownWithin) await database.InTransaction(tx => StartPayment.Refused(tx, caller, payment, "not_opened", "The payment company did not answer. Nothing was charged."), stop);
        return false;
    }

    private const string Claim = "update money.payments set state = 'unknown', changed_at = @now where id = @Id and state = 'created'";
}
