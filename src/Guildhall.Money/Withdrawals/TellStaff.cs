using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Identity.Accounts;
using Guildhall.Messaging;

namespace Guildhall.Money.Withdrawals;

/// <summary>Tells those who decide on withdrawals, except who has a part in it themselves.</summary>
internal static class TellStaff
{
    public static Task Requested(Transaction tx, WithdrawalId id, Guid provider, Amount amount) =>
        Tell(tx, id, provider, "withdrawal_requested_staff", amount, null, $"{id}");

    /// <summary>Something about it needs a look: it is held, or bank details were changed shortly before.</summary>
    public static Task Warned(Transaction tx, WithdrawalId id, Guid provider, Amount amount, string reason) =>
        Tell(tx, id, provider, "withdrawal_warning_staff", amount, reason, $"{id}:{reason}");

    private static async Task Tell(Transaction tx, WithdrawalId id, Guid provider, string template, Amount amount, string? reason, string key)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["amount"] = amount.ToString(), ["link"] = $"/console/withdrawals/{id}" };
        if (reason is not null) facts["reason"] = reason;
        foreach (var (person, _, _, _, _) in await Accounts.Holding(tx, MoneyPermissions.WithdrawalDecide))
            if (person != provider) await Notify.Person(tx, person, template, facts, uniqueKey: key);
    }
}
