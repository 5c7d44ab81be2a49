using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;

namespace Guildhall.Money.Withdrawals;

/// <summary>Who decides on money is another person than who asked for it, whose it is, and whoever said where it goes: by person, not by account.</summary>
internal static class OtherPerson
{
    private sealed record Involved(Guid ProviderId, Guid RequestedBy, Guid ChangedBy);

    /// <summary>Whether the caller has a part in this withdrawal, by this account or another of the same mailbox.</summary>
    public static async Task<bool> IsNot(Transaction tx, Caller caller, WithdrawalId withdrawal)
    {
        if (caller.AccountId is not { } who) return true;
        var involved = await tx.Get<Involved>("""
            select w.provider_id, w.requested_by, d.changed_by from money.withdrawals w join money.destinations d on d.id = w.destination_id where w.id = @withdrawal
            """, new { withdrawal });
        foreach (var other in new HashSet<Guid> { involved.ProviderId, involved.RequestedBy, involved.ChangedBy })
            if (await Accounts.AreOnePerson(tx, who, other)) return true;
        return false;
    }
}
