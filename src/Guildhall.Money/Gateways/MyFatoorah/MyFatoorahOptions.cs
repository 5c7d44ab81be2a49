using Guildhall.Foundation;

namespace Guildhall.Money.Gateways.MyFatoorah;

/// <summary>Where and as whom to call MyFatoorah. <c>Currency</c> is the account's base currency: refunds are in it, so nothing else is taken.
/// Several webhook secrets are valid at once while one is being replaced.</summary>
public sealed record MyFatoorahOptions(Uri Api, Uri PagesAt, string Token, IReadOnlyList<string> WebhookSecrets, Currency Currency, Uri ReturnTo)
{
    /// <summary>Language of the page: EN or AR.</summary>
    public string Language { get; init; } = "EN";

    /// <summary>Real money moves there.</summary>
    internal bool IsLive => Api.Host.EndsWith("myfatoorah.com", StringComparison.OrdinalIgnoreCase) && !Api.Host.StartsWith("apitest.", StringComparison.OrdinalIgnoreCase);

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"MyFatoorah {Api}";
}
