using System.Diagnostics.CodeAnalysis;
using Guildhall.Foundation;

namespace Guildhall.Money.Payouts;

/// <summary>Whose accounts payouts by bank file leave from: the holder's name, and one account per currency.</summary>
public sealed record BankOptions(string Holder, IReadOnlyDictionary<string, BankOptions.Debtor> Accounts)
{
    /// <summary>An IBAN, and the BIC of the bank that keeps it.</summary>
    public sealed record Debtor(string Iban, string? Bic);

    public static readonly BankOptions None = new("", new Dictionary<string, Debtor>(StringComparer.Ordinal));

    /// <summary>Reads <c>EUR=DE89370400440532013000/COBADEFFXXX KWD=KW81…</c>; false when an IBAN or a BIC cannot be.</summary>
    public static bool Read(string? holder, string? accounts, [NotNullWhen(true)] out BankOptions? options)
    {
        options = None;
        if (string.IsNullOrWhiteSpace(accounts)) return true;
        var found = new Dictionary<string, Debtor>(StringComparer.Ordinal);
        options = null;
        foreach (var part in accounts.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=') is not [var code, var account] || !Currency.TryParse(code, out _)) return false;
            var (iban, bic) = account.Split('/') switch { [var i] => (i, (string?)null), [var i, var b] => (i, b), _ => ("", null) };
            if (iban.Length is < 15 or > 34 || !iban.All(char.IsAsciiLetterOrDigit) || !BankDetails.LooksLikeIban(iban) || !BankDetails.IbanHolds(iban)) return false;
            if (bic is not (null or { Length: 8 or 11 }) || !found.TryAdd(code, new Debtor(iban, bic))) return false;
        }
        if (BankText.Latin(holder ?? "") is not { Length: >= 2 and <= 70 } name) return false;
        options = new BankOptions(name, found);
        return true;
    }
}
