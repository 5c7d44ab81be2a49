using Guildhall.Foundation.Data;
using Guildhall.Messaging;

namespace Guildhall.Money.Withdrawals;

/// <summary>Tells the provider what became of a withdrawal.</summary>
internal static class WhenWithdrawalChanged
{
    public static async Task Tell(Transaction tx, WithdrawalChanged fact)
    {
        var template = fact.State switch
        {
            WithdrawalState.Approved => "withdrawal_approved",
            WithdrawalState.Rejected => "withdrawal_rejected",
            WithdrawalState.Completed => "payout_completed",
            WithdrawalState.Failed or WithdrawalState.Returned => "payout_returned",
            _ => null,
        };
        if (template is null) return;
        await Notify.Person(tx, fact.Provider, template,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["amount"] = fact.Amount.ToString(), ["reason"] = fact.Reason ?? "", ["link"] = "/desk/money" },
            uniqueKey: $"{fact.Withdrawal}:{template}");
    }
}
