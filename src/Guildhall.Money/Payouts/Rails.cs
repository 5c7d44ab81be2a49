using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Payouts;

/// <summary>The ways by which money reaches providers, and which of them carries what.</summary>
public sealed class Rails(IEnumerable<IPayoutRail> rails)
{
    private readonly IReadOnlyList<IPayoutRail> _all = [.. rails];

    public IEnumerable<string> Names => _all.Select(r => r.Name);

    /// <summary>The kinds of destination that money can be sent to from here.</summary>
    public IReadOnlyList<DestinationKind> Kinds => [.. _all.Select(r => r.Can.Pays).Distinct().Order()];

    /// <summary>The rail that carries this currency to a destination of this kind now, or null when none does. A withdrawal keeps the rail that was
    /// chosen when it was approved.</summary>
    public async Task<IPayoutRail?> For(Transaction tx, Currency currency, DestinationKind kind)
    {
        if (kind != DestinationKind.Bank) return _all.FirstOrDefault(r => r.Can.Pays == kind && r.Can.Takes(currency));
        var byFile = (await tx.Setting(MoneySettings.BankFileCurrencies)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Named(byFile.Any(code => Currency.TryParse(code, out var listed) && listed == currency) ? BankFileRail.RailName : "stripe");
    }

    internal IPayoutRail? Find(string name) => _all.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.Ordinal));

    /// <summary>Null for one that is no longer set up, and for one that is not called.</summary>
    internal ICalledRail? Called(string name) => Find(name) as ICalledRail;

    private IPayoutRail Named(string name) => _all.First(r => string.Equals(r.Name, name, StringComparison.Ordinal));
}
