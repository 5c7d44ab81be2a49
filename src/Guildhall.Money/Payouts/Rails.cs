using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Payouts;

/// <summary>The ways by which money reaches banks, and which of them carries what.</summary>
public sealed class Rails(IEnumerable<IPayoutRail> rails)
{
    private readonly IReadOnlyList<IPayoutRail> _all = [.. rails];

    public IEnumerable<string> Names => _all.Select(r => r.Name);

    /// <summary>The rail that carries this currency now. A withdrawal keeps the rail that was chosen when it was approved.</summary>
    public async Task<IPayoutRail> For(Transaction tx, Currency currency)
    {
        var byFile = (await tx.Setting(MoneySettings.BankFileCurrencies)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Named(byFile.Any(code => Currency.TryParse(code, out var listed) && listed == currency) ? BankFileRail.RailName : "stripe");
    }

    internal IPayoutRail? Find(string name) => _all.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.Ordinal));

    internal IPayoutRail Named(string name) => _all.First(r => string.Equals(r.Name, name, StringComparison.Ordinal));

    internal ICalledRail Called(string name) => (ICalledRail)Named(name);
}
