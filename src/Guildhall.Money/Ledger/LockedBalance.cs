using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Money.Ledger;

/// <summary>Locked reads of provider balances. Last in the lock order.</summary>
internal static class LockedBalance
{
    /// <summary>What the platform owes the provider and may pay out; locked until the transaction ends. Negative after a late refund.</summary>
    public static async Task<Amount> Available(Transaction tx, Guid provider, Currency currency) =>
        new(await tx.Get<long>(Lock, new { kind = AccountKind.ProviderAvailable, provider, currency }), currency);

    private const string Lock = "select money.lock_balance(@kind, @provider, @currency)";
}
