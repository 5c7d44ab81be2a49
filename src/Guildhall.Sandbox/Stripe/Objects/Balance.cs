namespace Guildhall.Sandbox.Stripe.Objects;

/// <summary>What an account holds in one currency; the platform's account is the empty string.</summary>
internal sealed record Balance(string Account, string Currency, long AvailableMinor)
{
    public string Id => IdOf(Account, Currency);

    public static string IdOf(string account, string currency) => $"{account}|{currency}";
}
