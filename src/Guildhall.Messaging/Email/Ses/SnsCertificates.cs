using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Guildhall.Messaging.Delivery;

namespace Guildhall.Messaging.Email.Ses;

/// <summary>The certificates SNS signs with, by the address that a message names. An address that is not Amazon's is never called; one certificate is fetched at a time and at
/// most ten a minute: a message that has to wait is not taken, and SNS sends it again.</summary>
internal sealed partial class SnsCertificates(ProviderHttp http, SesOptions options) : IDisposable
{
    private const int Kept = 20, PerMinute = 10;
    private static readonly TimeSpan AMoment = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, X509Certificate2> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _fetching = new(1);
    private long _minute;
    private int _fetched;

    /// <summary>The certificate of this address, valid now; null when there is none that can be trusted.</summary>
    public async Task<X509Certificate2?> Find(string address, DateTimeOffset now, CancellationToken stop)
    {
        if (!IsCertificate(address, options)) return null;
        if (!_known.TryGetValue(address, out var certificate))
        {
            if (!await _fetching.WaitAsync(AMoment, stop)) return null;
            try
            {
                if (!_known.TryGetValue(address, out certificate) && (certificate = MayFetch() ? Trusted(new Uri(address), await http.Text(new Uri(address), stop), now) : null) is null) return null;
                if (_known.Count >= Kept) _known.Clear();
                _known[address] = certificate;
            }
            finally { _fetching.Release(); }
        }
        return now >= certificate.NotBefore && now <= certificate.NotAfter ? certificate : null;
    }

    /// <summary>Whether a certificate of SNS may stand there.</summary>
    public static bool IsCertificate(string address, SesOptions options) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Query.Length == 0 && IsTheirs(url, options)
        && url.AbsolutePath.StartsWith("/SimpleNotificationService-", StringComparison.Ordinal) && url.AbsolutePath.EndsWith(".pem", StringComparison.Ordinal);

    /// <summary>Whether a subscription may be confirmed there.</summary>
    public static bool IsConfirmation(string? address, SesOptions options) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && IsTheirs(url, options) && url.Query.StartsWith("?Action=ConfirmSubscription&", StringComparison.Ordinal);

    public void Dispose() => _fetching.Dispose();

    // A test set-up has those of the program on this machine that stands in for it.
    private static bool IsTheirs(Uri url, SesOptions options)
    {
        if (url.UserInfo.Length + url.Fragment.Length > 0) return false;
        return options.Api.IsLoopback ? url is { IsLoopback: true, Scheme: "http" or "https" } : url is { Scheme: "https", IsDefaultPort: true } && Host().IsMatch(url.Host);
    }

    private bool MayFetch()
    {
        var minute = (long)Stopwatch.GetElapsedTime(0).TotalMinutes;
        if (minute != _minute) (_minute, _fetched) = (minute, 0);
        return ++_fetched <= PerMinute;
    }

    private X509Certificate2? Trusted(Uri address, string? pem, DateTimeOffset now)
    {
        if (pem is null) return null;
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(pem);
            if (all is not [var leaf, ..]) return null;
            if (options.Api.IsLoopback) return leaf;
            using var chain = new X509Chain();
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.VerificationTime = now.UtcDateTime;
            chain.ChainPolicy.VerificationTimeIgnored = false;
            chain.ChainPolicy.ExtraStore.AddRange(all);
            // They are made out for sns.amazonaws.com or for the house of a region.
            return chain.Build(leaf) && (leaf.MatchesHostname("sns.amazonaws.com") || leaf.MatchesHostname(address.Host)) ? leaf : null;
        }
        catch (CryptographicException) { return null; }
    }

    [GeneratedRegex(@"^sns\.[a-z]{2}(-[a-z]+)+-[0-9]\.amazonaws\.com(\.cn)?$", RegexOptions.NonBacktracking)]
    private static partial Regex Host();
}
