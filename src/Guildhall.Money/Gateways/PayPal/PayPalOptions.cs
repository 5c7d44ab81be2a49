namespace Guildhall.Money.Gateways.PayPal;

/// <summary>Where and as whom to call PayPal. Several webhook ids are valid at once while one is being replaced.</summary>
public sealed record PayPalOptions(Uri Api, string ClientId, string Secret, IReadOnlyList<string> WebhookIds, Uri ReturnTo)
{
    /// <summary>The address where real money moves.</summary>
    public static readonly Uri LiveApi = new("https://api-m.paypal.com");

    /// <summary>Where customers agree to pay.</summary>
    public Uri Pages { get; init; } = new("https://www.paypal.com");

    /// <summary>PayPal has let the account send payouts.</summary>
    public bool Payouts { get; init; }

    internal bool IsLive => Api.Host == LiveApi.Host;
}
