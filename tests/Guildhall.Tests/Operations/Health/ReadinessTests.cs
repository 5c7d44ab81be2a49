using System.Net.Sockets;
using Guildhall.Operations.Metrics;
using Guildhall.Web.Host;
using Npgsql;

namespace Guildhall.Tests.Operations.Health;

/// <summary>A node that reaches its database through a line which the test can cut or let hang.</summary>
public sealed class CutWorld : NodesOnly
{
    private readonly TcpListener _line = new(System.Net.IPAddress.Loopback, 0);
    private readonly List<TcpClient> _open = [];
    private volatile string _does = "carries";

    protected override int NodeCount => 1;

    internal override HostSettings Configure(HostSettings settings, int node)
    {
        var real = new NpgsqlConnectionStringBuilder(settings.Database);
        var (host, port) = (real.Host!, real.Port);
        _line.Start();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var caller = await _line.AcceptTcpClientAsync();
                lock (_open) _open.Add(caller);
                if (_does is "cut") caller.Dispose();
                else if (_does is "carries") _ = Carry(caller, host, port);
            }
        });
        return settings with
        {
            Database = new NpgsqlConnectionStringBuilder(settings.Database) { Host = "127.0.0.1", Port = ((System.Net.IPEndPoint)_line.LocalEndpoint).Port }.ConnectionString,
            Metrics = new MetricsOptions(null, Metrics.MetricsWorld.Token),
        };
    }

    /// <summary>carries, cut (no connection is made), or hangs (connections are made and nothing is said); what is open ends.</summary>
    public void Line(string does)
    {
        _does = does;
        lock (_open)
        {
            foreach (var caller in _open) caller.Dispose();
            _open.Clear();
        }
    }

    private async Task Carry(TcpClient caller, string host, int port)
    {
        try
        {
            using var server = new TcpClient();
            await server.ConnectAsync(host, port);
            lock (_open) _open.Add(server);
            await Task.WhenAny(caller.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(caller.GetStream()));
        }
        catch (Exception problem) when (problem is IOException or SocketException or ObjectDisposedException or InvalidOperationException) { }
        finally { caller.Dispose(); }
    }
}

[Covers("O-2", "marketplace-59", "marketplace-57")]
public sealed class ReadinessTests(CutWorld world) : IClassFixture<CutWorld>
{
    private readonly Visitor _visitor = world.Visitor();

    [Theory]
    [InlineData("cut")]
    [InlineData("hangs")]
    public async Task Without_a_database_the_node_lives_is_not_ready_says_so_fast_and_resumes_by_itself(string outage)
    {
        await Eventually.Get(() => _visitor.Get("/health/ready"), a => a.Status == 200, "It did not become ready");
        world.Line(outage);
        await Eventually.Get(() => _visitor.Get("/health/ready"), a => a.Status == 503, "It stays ready without a database");

        var began = System.Diagnostics.Stopwatch.StartNew();
        var asked = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => _visitor.Get(i % 3 == 0 ? "/health/live" : "/health/ready")));
        began.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        asked.Where(a => a.To.EndsWith("live", StringComparison.Ordinal)).ShouldAllBe(a => a.Status == 200);
        asked.Where(a => a.To.EndsWith("ready", StringComparison.Ordinal)).ShouldAllBe(a => a.Status == 503 && a.Word("reason").StartsWith("The database"));
        var figures = await _visitor.Send(HttpMethod.Get, "/metrics", null, ("Authorization", "Bearer " + Metrics.MetricsWorld.Token));
        figures.Must().Text.ShouldContain("guildhall_database_up 0");
        figures.Text.ShouldNotContain("guildhall_jobs_due{");

        world.Line("carries");
        await Eventually.Get(() => _visitor.Get("/health/ready"), a => a.Status == 200, "It did not resume");
    }
}
