using Guildhall.Foundation.Data;

namespace Guildhall.Money.Ledger;

/// <summary>What an account is for the balance sheet.</summary>
public enum AccountClass { Asset, Liability, Income, Expense }

/// <summary>The side on which an account grows. Entries are signed: debits positive, credits negative.</summary>
public enum Side { Debit, Credit }

/// <summary>The chart of accounts: each kind with its class and its normal side, in the order reports list them.</summary>
public static class Chart
{
    /// <summary>One kind of account. Those of providers exist once per provider and currency, the others once per currency.</summary>
    public sealed record Kind(string Name, AccountClass Class, Side Normal, bool OfProviders);

    public static IReadOnlyList<Kind> Kinds { get; } = [.. Enum.GetValues<AccountKind>().Select(kind =>
    {
        var of = ClassOf(kind);
        return new Kind(Names.Of(kind), of, of is AccountClass.Asset or AccountClass.Expense ? Side.Debit : Side.Credit, IsOfProviders(kind));
    })];

    internal static Kind Of(string kind) => Kinds.Single(k => string.Equals(k.Name, kind, StringComparison.Ordinal));

    internal static bool IsOfProviders(AccountKind kind) =>
        kind is AccountKind.ProviderAvailable or AccountKind.ProviderReserved or AccountKind.ProviderDisputed or AccountKind.ProviderRolling;

    internal static AccountClass ClassOf(AccountKind kind) => kind switch
    {
        AccountKind.GatewayClearing or AccountKind.Bank or AccountKind.Cash or AccountKind.DisputedFunds or AccountKind.FxPosition => AccountClass.Asset,
        AccountKind.PlatformFee or AccountKind.PlatformSales or AccountKind.PayoutFee => AccountClass.Income,
        AccountKind.GatewayFees or AccountKind.FeeVariance or AccountKind.DisputeFees or AccountKind.DisputeLosses or AccountKind.WriteOffs or AccountKind.Rounding => AccountClass.Expense,
        _ => AccountClass.Liability,
    };
}
