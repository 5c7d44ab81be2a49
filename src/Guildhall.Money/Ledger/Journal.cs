using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Money.Ledger;

/// <summary>The chart of accounts; the table of journals in this module's README says what moves between them.</summary>
internal enum AccountKind
{
    // Assets: what others hold for the platform.
    GatewayClearing, Bank, Cash, DisputedFunds,

    // Liabilities: what the platform owes.
    Escrow, Unapplied, ProviderAvailable, ProviderReserved, ProviderDisputed, ProviderRolling, FeeTax, RefundsInTransit, PayoutsInTransit, Suspense,

    // Income.
    PlatformFee, PlatformSales, PayoutFee,

    // Expenses.
    GatewayFees, FeeVariance, DisputeFees, DisputeLosses, WriteOffs, Rounding,

    // What conversions left open, per currency.
    FxPosition,
}

/// <summary>One balanced journal in the making: debits are positive, credits negative. Zero lines are left out; an account has one line a side.</summary>
internal sealed class Journal(string reference, string kind, OrderId? order = null)
{
    private readonly List<(AccountKind Account, Guid? Owner, Amount Amount)> _lines = [];

    /// <summary>Moves the amount out of one account into another: the first is debited, the second credited.</summary>
    public Journal Move(Amount amount, (AccountKind Kind, Guid? Owner) debit, (AccountKind Kind, Guid? Owner) credit)
    {
        if (amount.Minor < 0) throw new ArgumentOutOfRangeException(nameof(amount), "A journal moves positive amounts; swap the accounts.");
        if (amount.IsZero) return this;
        Add(debit, amount);
        Add(credit, -amount);
        return this;
    }

    private void Add((AccountKind Kind, Guid? Owner) account, Amount amount)
    {
        var same = _lines.FindIndex(l => (l.Account, l.Owner) == account && l.Amount.Currency == amount.Currency && l.Amount.Minor < 0 == amount.Minor < 0);
        if (same < 0) _lines.Add((account.Kind, account.Owner, amount));
        else _lines[same] = (account.Kind, account.Owner, _lines[same].Amount + amount);
    }

    /// <summary>Posts it in the caller's transaction. The reference is unique: posting it twice stops the transaction.</summary>
    public Task Post(Transaction tx) => _lines.Count == 0 ? Task.CompletedTask : tx.Change(PostSql, new
    {
        reference,
        kind,
        order = order?.Value,
        now = tx.Now,
        kinds = _lines.Select(l => Names.Of(l.Account)).ToArray(),
        owners = _lines.Select(l => l.Owner).ToArray(),
        currencies = _lines.Select(l => l.Amount.Currency.Code).ToArray(),
        minors = _lines.Select(l => l.Amount.Minor).ToArray(),
    });

    private const string PostSql = "select money.post_journal(@reference, @kind, @order, @now, @now, @kinds, @owners, @currencies, @minors)";
}

/// <summary>Names for accounts, so that a journal reads like a sentence.</summary>
internal static class Book
{
    public static readonly (AccountKind, Guid?) Clearing = Platform(AccountKind.GatewayClearing);
    public static readonly (AccountKind, Guid?) Escrow = Platform(AccountKind.Escrow);
    public static readonly (AccountKind, Guid?) Unapplied = Platform(AccountKind.Unapplied);
    public static readonly (AccountKind, Guid?) PlatformFee = Platform(AccountKind.PlatformFee);
    public static readonly (AccountKind, Guid?) RefundsInTransit = Platform(AccountKind.RefundsInTransit);
    public static readonly (AccountKind, Guid?) PayoutsInTransit = Platform(AccountKind.PayoutsInTransit);
    public static (AccountKind, Guid?) Available(Guid provider) => (AccountKind.ProviderAvailable, provider);
    public static (AccountKind, Guid?) Reserved(Guid provider) => (AccountKind.ProviderReserved, provider);
    public static (AccountKind, Guid?) Disputed(Guid provider) => (AccountKind.ProviderDisputed, provider);
    public static (AccountKind, Guid?) Rolling(Guid provider) => (AccountKind.ProviderRolling, provider);

    /// <summary>An account of the platform's own.</summary>
    public static (AccountKind, Guid?) Platform(AccountKind kind) => (kind, null);
}
