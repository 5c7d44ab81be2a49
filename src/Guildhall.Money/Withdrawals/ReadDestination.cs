using Guildhall.Foundation;
using Guildhall.Money.Gateways.Mpesa;
using Guildhall.Money.Payouts;

namespace Guildhall.Money.Withdrawals;

/// <summary>What a provider wrote about where the money goes, looked at before anything of it is kept. Nobody outside is asked whether it exists.</summary>
internal static class ReadDestination
{
    private const int MostAddress = 127;

    public static Result<BankDetails> Of(SetDestination.Body body) => body.Kind switch
    {
        DestinationKind.Paypal => Address(body.Account?.Trim()) is { } address ? new BankDetails("", address, null, null, DestinationKind.Paypal) : MoneyRefusals.PaypalAddressInvalid,
        DestinationKind.Mpesa => MpesaPhone.Of(Digits(body.Account)) is { } phone ? new BankDetails("", phone, null, null, DestinationKind.Mpesa) : MoneyRefusals.MpesaNumberInvalid,
        _ => Bank(body) is { } bank ? bank : MoneyRefusals.DestinationInvalid,
    };

    private static BankDetails? Bank(SetDestination.Body body)
    {
        var account = Compact(body.Account);
        if (body.Holder?.Trim() is not { Length: >= 2 and <= 70 } holder || holder.Any(char.IsControl) || account.Length is < 8 or > 34 || !account.All(char.IsAsciiLetterOrDigit)) return null;
        if (BankDetails.LooksLikeIban(account)) return BankDetails.IbanHolds(account) ? new BankDetails(holder, account, account[..2], null) : null;
        var (country, code) = (Compact(body.Country), Compact(body.BankCode));
        if (country.Length != 2 || !country.All(char.IsAsciiLetter) || code.Length is 0 or > 28 || !code.All(char.IsAsciiLetterOrDigit)) return null;
        return new BankDetails(holder, account, country, code);
    }

    // PayPal takes 127 characters of one byte. What is written is kept as it is: to the left of the @ capitals may count.
    private static string? Address(string? text)
    {
        if (text is not { Length: >= 6 and <= MostAddress } || text.Any(c => c is <= ' ' or > '~' or '"' or '(' or ')' or ',' or ':' or ';' or '<' or '>' or '[' or ']' or '\\')) return null;
        if (text.Split('@') is not [{ Length: >= 1 and <= 64 } name, var domain] || name.StartsWith('.') || name.EndsWith('.') || name.Contains("..", StringComparison.Ordinal)) return null;
        var labels = domain.Split('.');
        return labels.Length >= 2 && labels[^1].Length >= 2 && labels.All(l => l.Length is >= 1 and <= 63 && l[0] != '-' && l[^1] != '-' && l.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) ? text : null;
    }

    // With or without its + and the spaces and hyphens that people write.
    private static string Digits(string? text) => Bare(text) is ['+', .. var rest] ? rest : Bare(text);

    private static string Bare(string? text) => (text ?? "").Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    private static string Compact(string? text) => (text ?? "").Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
}
