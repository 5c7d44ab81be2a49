namespace Guildhall.Money.Gateways.Knet;

/// <summary>Where and as whom to speak to KNET. <c>PageAt</c> is the origin of the page customers are sent to, <c>Api</c> that of the pipe between servers.</summary>
public sealed record KnetOptions(Uri PageAt, Uri Api, string TranportalId, string TranportalPassword, string ResourceKey, Uri ReturnTo)
{
    /// <summary>The bank has let this shop give money back by the pipe. KNET's manual calls that not yet released; without it staff do it in its portal.</summary>
    public bool Refunds { get; init; }

    /// <summary>Language of the page: EN or AR.</summary>
    public string Language { get; init; } = "EN";

    /// <summary>How long a page may be paid. KNET does not say it; what it does not know after this time counts as expired.</summary>
    public TimeSpan PageLasts { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Real money moves there.</summary>
    internal bool IsLive => PageAt.Host.EndsWith("kpay.com.kw", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a terminal resource key can be this.</summary>
    public static bool IsKey(string key) => KnetTrandata.IsKey(key);

    /// <summary>Whether it can stand in the request, whose fields are not encoded.</summary>
    public static bool IsWritable(string value) => value.All(c => c is > ' ' and < (char)127 and not ('&' or '%' or '+'));

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"KNET {PageAt}";
}
