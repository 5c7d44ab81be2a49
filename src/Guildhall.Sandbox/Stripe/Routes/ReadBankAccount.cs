using System.Security.Cryptography;
using System.Text;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

/// <summary>The <c>external_account</c> of a new account. Countries that have IBANs take no other number; the number is checked, not kept.</summary>
internal static class ReadBankAccount
{
    private const string Name = "external_account";

    private static readonly HashSet<string> WithoutIban = new(StringComparer.Ordinal) { "AU", "CA", "HK", "IN", "JP", "KE", "MX", "NZ", "SG", "TH", "US" };

    public static BankAccount? From(Form form, string account)
    {
        if (!form.Has(Name + "[")) return null;
        if (form.Text(Part("object")) != "bank_account") throw StripeRefusal.Invalid("Invalid object: must be bank_account", Part("object"));
        var country = form.Required(Part("country")).ToUpperInvariant();
        var currency = Currencies.Check(form.Required(Part("currency")));
        var number = form.Required(Part("account_number")).ToUpperInvariant();
        var holder = form.Required(Part("account_holder_name"));
        if (number.Length is < 4 or > 34 || !number.All(char.IsAsciiLetterOrDigit)) throw Bad("You must use a valid bank account number.");
        if (!WithoutIban.Contains(country) && (!number.StartsWith(country, StringComparison.Ordinal) || !IsIban(number)))
            throw Bad($"Invalid {country} IBAN.");
        if (country == "US" && form.Text(Part("routing_number")) is null) throw StripeRefusal.Missing(Part("routing_number"));
        return new BankAccount
        {
            Id = Ids.New("ba_"), Account = account, AccountHolderName = holder, Country = country, Currency = currency, Last4 = number[^4..],
            Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(number)))[..16], RoutingNumber = form.Text(Part("routing_number")),
        };
    }

    private static StripeRefusal Bad(string message) => StripeRefusal.Invalid(message, Part("account_number"), "account_number_invalid");

    private static string Part(string part) => $"{Name}[{part}]";

    private static bool IsIban(string number)
    {
        var rest = 0;
        foreach (var c in number[4..] + number[..4])
            rest = char.IsAsciiDigit(c) ? ((rest * 10) + (c - '0')) % 97 : ((rest * 100) + (c - 'A' + 10)) % 97;
        return rest == 1;
    }
}
