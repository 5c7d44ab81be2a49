using System.Net;
using System.Net.Sockets;
using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Foundation.Http;

/// <summary>Every way we know to write an address of this machine, of its network or of a cloud's insides, tried on the one connection that goes where people say. A listener on every
/// address of this machine hears who comes.</summary>
public sealed class AddressTricksTests : IAsyncDisposable
{
    private readonly TcpListener _inside = TcpListener.Create(0);
    private readonly Task _hears;
    private int _heard;

    public AddressTricksTests()
    {
        _inside.Start();
        _hears = Task.Run(Hear);
    }

    private int Port => ((IPEndPoint)_inside.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        _inside.Stop();
        await _hears;
        _inside.Dispose();
    }

    private static readonly string[] Hosts =
    [
        // This machine, in digits of every kind.
        "127.0.0.1", "127.1", "127.0.1", "127.000.000.001", "0177.0.0.1", "0177.0000.0000.0001", "0x7f.0.0.1", "0x7f.0x0.0x0.0x1", "0x7f000001", "0x7F000001", "2130706433", "017700000001", "0x7f.1",
        "127.0.0.1.", "127.1.", "127.0.0.2", "127.255.255.254", "127.127.127.127", "0", "0.0.0.0", "0.0", "00.00.00.00", "0x0", "0x00000000", "000000000000", "4294967296", "425.510.425.510",
        // Digits of other scripts, and dots that are none.
        "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "٠١٢٧.٠.٠.١", "१२७.०.०.१",
        // Names of this machine.
        "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "loc\u00adalhost", "ip6-localhost", "ip6-loopback", "%6c%6f%63%61%6c%68%6f%73%74", "localhost%00.example.com",
        "ſocalhost.localhost", "foo.localhost", "a.b.localhost",
        // IPv6, bare, mapped, compatible, translated, tunnelled, with a zone.
        "[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]",
        "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[64:ff9b:1:7f00:0:100::]", "[2002:7f00:1::]", "[2002:7f00:0001::1]",
        "[2001:0:7f00:1::]", "[2001::80ff:fffe]", "[::1%25lo]", "[::1%lo]", "[fe80::1%25eth0]", "[fe80::1]",
        "[::ffff:0.0.0.0]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[fc00::1]", "[fd00::1]", "[fd00:ec2::254]",
        "[ff02::1]", "[ff01::1]", "[fec0::1]", "[2001:db8::1]", "[3fff::1]", "[100::1]", "[5f00::1]",
        // The network around it, and what clouds keep there.
        "10.0.0.1", "10.255.255.255", "012.0.0.1", "0xa.0.0.1", "167772161", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1.254", "0xc0a80001", "3232235521", "169.254.169.254", "169.254.170.2", "0xa9fea9fe", "2852039166",
        "0251.0376.0251.0376", "169.254.43518", "169.16689662", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "metadata.google.internal", "instance-data", "kubernetes.default.svc",
        // Somebody else's name before ours, and the other way round.
        "example.com@127.0.0.1", "127.0.0.1@127.0.0.1", "user:pass@localhost", "example.com:80@127.0.0.1", "example.com%40127.0.0.1",
        "127.0.0.1\\@example.com", "127.0.0.1\\.example.com", "127.0.0.1%2f.example.com", "127.0.0.1%09", "127.0.0.1%0d%0a",
        "127.0.0.1#@example.com", "127.0.0.1?@example.com",
    ];

    [Fact]
    [Covers("marketplace-51", "money-92", "asvs-1.3.6")]
    public async Task However_the_address_is_written_nobody_inside_is_connected_to()
    {
        Hosts.Length.ShouldBeGreaterThanOrEqualTo(100);
        var connect = new PublicConnect([], plainHttp: true);
        await Parallel.ForEachAsync(Hosts, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (host, stop) => await Tries(connect, $"http://{host}:{Port}/", stop));
        _heard.ShouldBe(0);
    }

    /// <summary>The name is harmless to look at; where it leads is not, at once or beside an address that is.</summary>
    [Fact]
    [Covers("marketplace-51", "money-92", "asvs-1.3.6")]
    public async Task Wherever_a_name_leads_nobody_inside_is_connected_to()
    {
        var inside = Hosts.Select(h => h.Trim('[', ']')).Where(h => IPAddress.TryParse(h, out _)).Select(IPAddress.Parse).Distinct().ToArray();
        inside.Length.ShouldBeGreaterThan(50);
        var at = -1;
        var connect = new PublicConnect([], plainHttp: true, (_, _) => Task.FromResult<IPAddress[]>([inside[Interlocked.Increment(ref at) % inside.Length], inside[Interlocked.Increment(ref at) % inside.Length]]));
        for (var i = 0; i < inside.Length; i++) await Tries(connect, $"http://name{i}.example:{Port}/", default);
        _heard.ShouldBe(0);
    }

    [Fact]
    [Covers("marketplace-51", "asvs-1.3.6")]
    public async Task The_listener_hears_who_is_allowed_to_come_and_is_led_to_by_no_redirect()
    {
        AllowedTarget.TryParse("127.0.0.7", out var allowed);
        await Tries(new PublicConnect([allowed!], plainHttp: true), $"http://127.0.0.7:{Port}/", default);
        _heard.ShouldBe(1); // it was answered with a redirect to 127.0.0.1, which was not followed
    }

    private static async Task Tries(PublicConnect connect, string address, CancellationToken stop)
    {
        if (connect.Objection(address) is not null || !Uri.TryCreate(address, UriKind.Absolute, out var uri)) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        using var http = new HttpClient(connect.Handler());
        try { (await http.GetAsync(uri, limit.Token)).Dispose(); }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException or UriFormatException or ArgumentException) { } // refused, or it leads nowhere
    }

    private async Task Hear()
    {
        try
        {
            while (true)
            {
                using var visitor = await _inside.AcceptTcpClientAsync();
                Interlocked.Increment(ref _heard);
                await visitor.GetStream().ReadAtLeastAsync(new byte[16], 1, throwOnEndOfStream: false);
                await visitor.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{Port}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or IOException) { }
    }
}
