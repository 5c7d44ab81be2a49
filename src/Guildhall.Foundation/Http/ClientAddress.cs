using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Guildhall.Foundation.Http;

/// <summary>Where a request comes from: the socket, or what a proxy of ours says of it in <c>X-Forwarded-For</c>. The list is read from its end, and only as
/// far as each hop before was written by a proxy that the operator named; what stands before that was written by the client and counts for nothing. No other header
/// says who calls. The framework's own middleware takes an empty list of proxies as trust in everybody, so it is not used.</summary>
public static class ClientAddress
{
    private const int MaxHops = 32;

    /// <summary>First in the pipeline: from here on <c>Connection.RemoteIpAddress</c> is the client's, never IPv4 in the shape of IPv6, never with a zone.</summary>
    public static void UseClientAddress(this IApplicationBuilder app, IReadOnlyList<IPNetwork> trusted) => app.Use((http, next) =>
    {
        if (http.Connection.RemoteIpAddress is { } socket)
        {
            var (client, hops) = Of(socket, http.Request.Headers["X-Forwarded-For"], trusted);
            http.Connection.RemoteIpAddress = client;
            if (hops > 0) TakeScheme(http, hops);
        }
        return next(http);
    });

    /// <summary>The client, and how many hops were believed.</summary>
    public static (IPAddress Client, int Hops) Of(IPAddress socket, StringValues forwarded, IReadOnlyList<IPNetwork> trusted)
    {
        var (client, hops) = (Plain(socket), 0);
        if (trusted.Count == 0 || !IsTrusted(client, trusted)) return (client, 0);
        for (var line = forwarded.Count - 1; line >= 0; line--)
        {
            var rest = forwarded[line].AsSpan();
            while (true)
            {
                var comma = rest.LastIndexOf(',');
                if (hops == MaxHops || !TryHop(rest[(comma + 1)..].Trim(), out var hop)) return (client, hops);
                (client, hops) = (hop, hops + 1);
                if (!IsTrusted(client, trusted)) return (client, hops);
                if (comma < 0) break;
                rest = rest[..comma];
            }
        }
        return (client, hops);
    }

    /// <summary>A network as people write it: <c>10.0.0.0/8</c>, <c>192.0.2.1</c>, <c>fd00::/8</c>. One of fewer bits takes in too much of the Internet and is none.</summary>
    public static bool TryNetwork(string text, int leastBits, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var one)) text = Plain(one).ToString();
        if (!text.Contains('/', StringComparison.Ordinal)) text += text.Contains(':', StringComparison.Ordinal) ? "/128" : "/32";
        return IPNetwork.TryParse(text, out network) && network.PrefixLength >= leastBits;
    }

    /// <summary>IPv4 as IPv4; without a zone.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;

    private static bool IsTrusted(IPAddress address, IReadOnlyList<IPNetwork> trusted)
    {
        foreach (var network in trusted)
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address)) return true;
        return false;
    }

    // 203.0.113.7, 203.0.113.7:4711, 2001:db8::1, [2001:db8::1]:4711, fe80::1%eth0.
    private static bool TryHop(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Length is 0 or > 60) return false;
        if (text[0] == '[') text = text.IndexOf(']') is > 0 and var end ? text[1..end] : default;
        else if (text.Count(':') == 1) text = text[..text.IndexOf(':')];
        if (text.IndexOf('%') is >= 0 and var zone) text = text[..zone];
        // The parser also reads 1 and 0x7f.1 as addresses.
        if (!text.Contains(':') && (text.Count('.') != 3 || text.ContainsAnyExcept("0123456789."))) return false;
        if (!IPAddress.TryParse(text, out var parsed)) return false;
        address = Plain(parsed);
        return true;
    }

    // As many entries from the end as hops were believed; proxies that overwrite leave fewer.
    private static void TakeScheme(HttpContext http, int hops)
    {
        var said = http.Request.Headers["X-Forwarded-Proto"].ToString().Split(',', StringSplitOptions.TrimEntries);
        if (said[Math.Max(0, said.Length - hops)] is var scheme && scheme is ("https" or "http")) http.Request.Scheme = scheme;
    }
}
