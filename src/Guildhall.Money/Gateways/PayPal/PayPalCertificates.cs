using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Guildhall.Money.Gateways.PayPal;

/// <summary>The certificates PayPal signs its messages with, by the address that a message names. An address that is not PayPal's is never called; one
/// certificate is fetched at a time and at most ten a minute, whoever asks: a message that has to wait is not taken, and PayPal sends it again.</summary>
internal sealed class PayPalCertificates(HttpClient http, PayPalOptions options)
{
    private const int Kept = 20, PerMinute = 10;
    private const string Folder = "/v1/notifications/certs/";
    private static readonly TimeSpan AMoment = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentDictionary<string, X509Certificate2> _known = new(StringComparer.Ordinal);
    private readonly Lock _fetching = new();
    private long _minute;
    private int _fetched;

    /// <summary>The certificate of this address, valid now; null when there is none that can be trusted.</summary>
    public X509Certificate2? Find(string address, DateTimeOffset now)
    {
        if (!_known.TryGetValue(address, out var certificate))
        {
            if (!IsTheirs(address, options) || !_fetching.TryEnter(AMoment)) return null;
            try
            {
                if (!_known.TryGetValue(address, out certificate) && (certificate = MayFetch() ? Fetch(address, now) : null) is null) return null;
                if (_known.Count >= Kept) _known.Clear();
                _known[address] = certificate;
            }
            finally { _fetching.Exit(); }
        }
        return now >= certificate.NotBefore && now <= certificate.NotAfter ? certificate : null;
    }

    /// <summary>Live messages have live certificates; a test set-up has those of PayPal's sandbox, or of the program on this machine that stands in for it.</summary>
    public static bool IsTheirs(string address, PayPalOptions options)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Query.Length + url.Fragment.Length > 0) return false;
        if (!url.AbsolutePath.StartsWith(Folder, StringComparison.Ordinal)) return false;
        if (options.Api.IsLoopback) return url is { IsLoopback: true, Scheme: "http" or "https" };
        return url is { Scheme: "https", IsDefaultPort: true } && (options.IsLive ? url.Host is "api.paypal.com" or "api-m.paypal.com" : url.Host is "api.sandbox.paypal.com" or "api-m.sandbox.paypal.com");
    }

    private bool MayFetch()
    {
        var minute = (long)Stopwatch.GetElapsedTime(0).TotalMinutes;
        if (minute != _minute) (_minute, _fetched) = (minute, 0);
        return ++_fetched <= PerMinute;
    }

    // A message waits for it: the interface of gateways weighs messages without waiting for anything else.
    private X509Certificate2? Fetch(string address, DateTimeOffset now)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var answer = http.Send(request);
            if (!answer.IsSuccessStatusCode) return null;
            using var reader = new StreamReader(answer.Content.ReadAsStream());
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(reader.ReadToEnd());
            return chain is [var leaf, ..] && (options.Api.IsLoopback || IsTrusted(leaf, chain, now)) ? leaf : null;
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or TaskCanceledException or CryptographicException) { return null; }
    }

    private static bool IsTrusted(X509Certificate2 leaf, X509Certificate2Collection others, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.ExtraStore.AddRange(others);
        return chain.Build(leaf);
    }
}
