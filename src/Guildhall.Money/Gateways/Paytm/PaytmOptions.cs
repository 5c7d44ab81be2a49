using System.Net;

namespace Guildhall.Money.Gateways.Paytm;

/// <summary>Where and as whom to call Paytm. <c>Key</c>: the merchant key, 16, 24 or 32 characters; it signs what both sides say. <c>Website</c>: WEBSTAGING for trying,
/// DEFAULT in earnest. <c>ReturnTo</c>: our public address, to which browsers come back. <c>Senders</c>: where its messages come from, null for anywhere.</summary>
public sealed record PaytmOptions(Uri Api, string Mid, string Key, string Website, Uri ReturnTo)
{
    public IReadOnlyList<IPNetwork>? Senders { get; init; }

    /// <summary>Real money moves.</summary>
    internal bool IsLive => Api.Host is "secure.paytmpayments.com" or "securegw.paytm.in";
}

/// <summary>Looks at a merchant key before anything depends on it.</summary>
public static class PaytmKey
{
    /// <summary>Whether it can sign: 16, 24 or 32 bytes.</summary>
    public static bool Fits(string key) => PaytmSignature.IsKey(key);
}
