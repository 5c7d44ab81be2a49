using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Guildhall.Foundation.Http;

/// <summary>Connects to addresses that people typed in, and to nothing inside. The check is made on the address that is connected to, after the name
/// was resolved and again on the open socket, so that a name that changes its mind between check and use gains nothing. Redirects are not followed,
/// proxies and cookies not used.</summary>
/// <param name="allowed">Inside addresses that the operator allows.</param>
/// <param name="plainHttp">Whether <c>http://</c> may be used at all.</param>
/// <param name="resolve">Finds the addresses of a name; the system's resolver when null.</param>
public sealed class PublicConnect(IReadOnlyList<AllowedTarget> allowed, bool plainHttp, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private const int MaxAddress = 2000, MostTried = 4;

    // Services that answer to a stray request line, and what listens on the machines themselves.
    private static readonly HashSet<int> ShutPorts =
        [1080, 1433, 1521, 2049, 2375, 2376, 2379, 2380, 3128, 3306, 3389, 4369, 5432, 5433, 5672, 5900, 5984, 5985, 6379, 6443, 9042, 9092, 9100, 9200, 9300, 10250, 11211, 15672, 27017];

    // Not for the public: RFC 6890 and its registry, link-local and metadata services, carriers' address sharing, benchmarks, examples, multicast.
    private static readonly IPNetwork[] Inside = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    }.Select(text => IPNetwork.Parse(text))];

    private static readonly IPNetwork GlobalSix = IPNetwork.Parse("2000::/3"), Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>A handler whose every connection is checked.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        ConnectCallback = Connect, AllowAutoRedirect = false, UseProxy = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(2), MaxResponseHeadersLength = 16, ResponseDrainTimeout = TimeSpan.FromSeconds(1),
    };

    /// <summary>What is wrong with an address, as far as it can be said without asking the network; null when nothing.</summary>
    public string? Objection(string text)
    {
        if (text.Length > MaxAddress || !Uri.TryCreate(text, UriKind.Absolute, out var address)) return "An address has at most 2000 characters and starts with https://.";
        if (address.Scheme is not "https" && !(plainHttp && address.Scheme is "http")) return "The address must start with https://.";
        if (address.UserInfo.Length > 0) return "An address carries no user name and password.";
        if (address.Fragment.Length > 0) return "An address carries no # part.";
        var literal = IPAddress.TryParse(address.DnsSafeHost, out var ip) ? ip : null;
        if (literal is not null && !MayReach(literal, address.Port)) return "This address is not on the public Internet.";
        if (IsShut(address.Port) && !(literal is not null && IsAllowed(literal, address.Port))) return $"Port {address.Port.ToString(CultureInfo.InvariantCulture)} is not for this.";
        return null;
    }

    /// <summary>Whether an address belongs to the public Internet. IPv6 that carries an IPv4 address is judged by that one.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return IsPublic(address.MapToIPv4());
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            if (Translated.Contains(address)) return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12)));
            if (!GlobalSix.Contains(address)) return false;
        }
        return !Inside.Any(network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
    }

    private static bool IsShut(int port) => port is < 1024 and not (80 or 443) || ShutPorts.Contains(port);

    private bool IsAllowed(IPAddress address, int port) => allowed.Any(target => target.Covers(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port));

    private bool MayReach(IPAddress address, int port) => IsAllowed(address, port) || (IsPublic(address) && !IsShut(port));

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await (resolve ?? Dns.GetHostAddressesAsync)(host, stop);
        var reachable = found.Where(address => MayReach(address, port)).Take(MostTried).ToArray();
        if (reachable.Length == 0) throw new NotPublicException(host);
        SocketException? last = null;
        foreach (var address in reachable)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), stop);
                if (socket.RemoteEndPoint is not IPEndPoint peer || !MayReach(peer.Address, peer.Port)) throw new NotPublicException(host);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException problem)
            {
                socket.Dispose();
                last = problem;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw last!;
    }
}

/// <summary>The name leads to no address that may be connected to.</summary>
public sealed class NotPublicException(string host) : IOException($"{host} leads to no public address.");

/// <summary>An inside network, and the port on it, that the operator allows.</summary>
public sealed record AllowedTarget(IPNetwork Network, int? Port)
{
    public bool Covers(IPAddress address, int port) =>
        Network.BaseAddress.AddressFamily == address.AddressFamily && Network.Contains(address) && (Port is null || Port == port);

    /// <summary><c>10.1.0.0/16</c>, <c>127.0.0.1:5090</c>, <c>[::1]:5090</c>, <c>fd00::/8</c>.</summary>
    public static bool TryParse(string text, out AllowedTarget? target)
    {
        target = null;
        var (address, port) = (text.Trim(), (int?)null);
        var colon = address.LastIndexOf(':');
        if (colon > 0 && (address[colon - 1] == ']' || address.IndexOf(':', StringComparison.Ordinal) == colon))
        {
            if (!int.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535) return false;
            (address, port) = (address[..colon], number);
        }
        address = address.Trim('[', ']');
        if (!address.Contains('/', StringComparison.Ordinal)) address += address.Contains(':', StringComparison.Ordinal) ? "/128" : "/32";
        if (!IPNetwork.TryParse(address, out var network)) return false;
        target = new AllowedTarget(network, port);
        return true;
    }
}
