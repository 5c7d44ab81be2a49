using System.Text;
using System.Text.Json;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Payouts;

/// <summary>Whose account money goes to. Read only where it leaves for a rail; its text never shows it.</summary>
/// <param name="Holder">The holder's name; empty where none is needed.</param>
/// <param name="Account">An IBAN, or an account number where IBANs are not used; the e-mail address of a PayPal account; a phone as 254 and nine digits.</param>
/// <param name="Country">Two letters of ISO 3166; of the IBAN when it is one.</param>
/// <param name="BankCode">The bank's code in its country, where there is no IBAN.</param>
/// <param name="Kind">What <c>Account</c> is.</param>
public sealed record BankDetails(string Holder, string Account, string? Country, string? BankCode, DestinationKind Kind = DestinationKind.Bank)
{
    private const string Purpose = "payout-destination";

    public bool IsIban => LooksLikeIban(Account);

    public string Hint => Kind switch
    {
        DestinationKind.Paypal => $"PayPal {Account[..1]}•••{Account[Account.LastIndexOf('@')..]}",
        DestinationKind.Mpesa => "M-Pesa •••• " + Account[^4..],
        _ => "•••• " + Account[^4..],
    };

    public override string ToString() => Hint;

    internal byte[] Seal(MasterKey master, DestinationId id) => master.Seal(Purpose, id.ToString(), JsonSerializer.SerializeToUtf8Bytes(this));

    internal static BankDetails Open(MasterKey master, DestinationId id, byte[] data) =>
        JsonSerializer.Deserialize<BankDetails>(Encoding.UTF8.GetString(master.Open(Purpose, id.ToString(), data)))!;

    /// <summary>ISO 13616: two letters and two digits. Such an account must satisfy mod 97 = 1.</summary>
    internal static bool LooksLikeIban(string account) =>
        account.Length > 4 && char.IsAsciiLetter(account[0]) && char.IsAsciiLetter(account[1]) && char.IsAsciiDigit(account[2]) && char.IsAsciiDigit(account[3]);

    internal static bool IbanHolds(string account)
    {
        var remainder = 0;
        foreach (var c in account[4..] + account[..4])
            remainder = char.IsAsciiDigit(c) ? ((remainder * 10) + (c - '0')) % 97 : ((remainder * 100) + (c - 'A' + 10)) % 97;
        return remainder == 1;
    }
}
