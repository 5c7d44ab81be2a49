using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Guildhall.Identity.Passwords;

/// <summary>What is known about a password from breaches of other places. <c>Unknown</c>: nobody could be asked.</summary>
internal enum BreachVerdict { NotFound, Found, Unknown }

/// <summary>Asks a range service (Pwned Passwords) whether a password was in a breach. Five letters of its SHA-1 leave, never more; the answer is padded, so that its
/// length tells nothing either. Within 1.5 seconds, and not at all for half a minute after five failures in a row: then the list in the program decides alone.</summary>
internal sealed class BreachedPasswords(HttpClient? http, Uri? api, ILogger<BreachedPasswords> log) : IDisposable
{
    public static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(1500);
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    public const int FailuresBeforeRest = 5;
    private const int PrefixLength = 5, SuffixLength = 35, MaxAnswer = 1024 * 1024;
    private int _failures;
    private long _restsSince;

    /// <summary>A client of its own: no cookies, no redirects, bounded answers.</summary>
    public static HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Budget, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Budget, MaxResponseContentBufferSize = MaxAnswer,
        DefaultRequestHeaders = { { "User-Agent", "Guildhall" }, { "Add-Padding", "true" } },
    };

    public async Task<BreachVerdict> Find(string password, CancellationToken stop)
    {
        if (http is null || api is null) return BreachVerdict.Unknown;
        if (IsResting()) return Unasked("resting");
        var hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Budget);
        try
        {
            using var answer = await http.GetAsync(new Uri(api, "/range/" + hash[..PrefixLength]), limit.Token);
            if (answer.StatusCode != HttpStatusCode.OK) return Failed(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
            if (Count(await answer.Content.ReadAsStringAsync(limit.Token), hash[PrefixLength..]) is not { } count) return Failed("malformed");
            Interlocked.Exchange(ref _failures, 0);
            return count > 0 ? BreachVerdict.Found : BreachVerdict.NotFound;
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException || problem is OperationCanceledException && !stop.IsCancellationRequested)
        {
            return Failed(problem is OperationCanceledException ? "slow" : "unreachable");
        }
    }

    /// <summary>How often the answer counts the suffix; entries of count 0 are padding. Null when it is not an answer of this protocol.</summary>
    internal static long? Count(string answer, string suffix)
    {
        var (entries, found) = (0, 0L);
        foreach (var line in answer.AsSpan().EnumerateLines())
        {
            if (line.Length <= SuffixLength || line[SuffixLength] != ':' || line[..SuffixLength].ContainsAnyExcept("0123456789ABCDEFabcdef")) continue;
            if (!long.TryParse(line[(SuffixLength + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) continue;
            entries++;
            if (line[..SuffixLength].Equals(suffix, StringComparison.OrdinalIgnoreCase)) found = Math.Max(found, count);
        }
        return entries == 0 ? null : found;
    }

    public void Dispose() => http?.Dispose();

    private bool IsResting()
    {
        if (Volatile.Read(ref _failures) < FailuresBeforeRest) return false;
        var since = Interlocked.Read(ref _restsSince);
        if (Stopwatch.GetElapsedTime(since) < Rest) return true;
        // The rest is over: one tries, the others rest on.
        return Interlocked.CompareExchange(ref _restsSince, Stopwatch.GetTimestamp(), since) != since;
    }

    private BreachVerdict Failed(string why)
    {
        Interlocked.Exchange(ref _restsSince, Stopwatch.GetTimestamp());
        Interlocked.Increment(ref _failures);
        return Unasked(why);
    }

    private BreachVerdict Unasked(string why)
    {
        log.LogWarning("breached_check_skipped {Why}", why);
        return BreachVerdict.Unknown;
    }
}
