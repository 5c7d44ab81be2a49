using System.Net;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guildhall.Tests.Web.Http;

/// <summary>Nothing runs for ever, and what fails in the background takes nothing else with it.</summary>
public sealed class TimeLimitTests(TimeLimitTests.Setup world) : IClassFixture<TimeLimitTests.Setup>
{
    public sealed class Setup : NodesOnly
    {
        private static readonly RouteTime Second = new(TimeSpan.FromSeconds(1));

        internal TaskCompletionSource Deaf { get; } = new();
        internal int Most;
        private int _now;

        protected override int NodeCount => 1;

        // Few connections, so that one that is not given back is missed; statements end after a second.
        internal override HostSettings Configure(HostSettings settings, int node) =>
            settings with { Database = new NpgsqlConnectionStringBuilder(settings.Database) { Options = "-c statement_timeout=1s", MaxPoolSize = 12 }.ConnectionString };

        protected override void Adjust(WebApplicationBuilder builder, int node)
        {
            builder.Services.AddHostedService<Stumbling>();
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, Addresses[node].Port);
                kestrel.Listen(IPAddress.Loopback, Http2Port = Ports.Free(), listen => listen.Protocols = HttpProtocols.Http2);
            });
        }

        public int Http2Port { get; private set; }

        protected override void MapRoutes(IEndpointRouteBuilder routes)
        {
            routes.MapGet("/api/test/listens", async (CancellationToken stop) => await Task.Delay(Timeout.Infinite, stop)).ForAnyone().WithMetadata(Second);
            routes.MapGet("/api/test/deaf", async () => await Deaf.Task).ForAnyone().WithMetadata(Second);
            routes.MapGet("/api/test/sleeps", async (Database database) => await database.Find<string>("select pg_sleep(30)::text")).ForAnyone();
            routes.MapGet("/api/test/asleep", async (Database database, CancellationToken stop) => await database.Find<string>("select pg_sleep(20)::text", stop: stop)).ForAnyone()
                .WithMetadata(new RouteTime(TimeSpan.FromMilliseconds(200)));
            routes.MapGet("/api/test/counted", async () =>
            {
                var now = Interlocked.Increment(ref _now);
                lock (Deaf) Most = Math.Max(Most, now);
                await Task.Delay(300);
                Interlocked.Decrement(ref _now);
            }).ForAnyone().Limited(RateClass.None);
        }
    }

    private sealed class Stumbling : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("stumbled");
        }
    }

    private readonly Visitor _visitor = world.Visitor();

    [Fact]
    [Covers("identity-51", "O-5", "identity-60")]
    public async Task A_request_that_takes_too_long_is_answered_504_with_every_header()
    {
        var answer = (await _visitor.Get("/api/test/listens")).MustRefuse(FoundationRefusals.TimedOut);
        answer.Headers["X-Request-Id"].ShouldStartWith("req_");
        answer.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        answer.Headers["Content-Security-Policy"].ShouldContain("frame-ancestors 'none'");
    }

    [Fact]
    [Covers("identity-51")]
    public async Task A_handler_that_does_not_listen_loses_its_connection_five_seconds_later()
    {
        var began = System.Diagnostics.Stopwatch.StartNew();
        await Should.ThrowAsync<HttpRequestException>(() => _visitor.Get("/api/test/deaf"));
        began.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(25));
        world.Deaf.SetResult();
        (await _visitor.Get("/health/live")).Must();
    }

    [Fact]
    [Covers("identity-51", "O-5")]
    public async Task A_statement_that_sleeps_ends_and_its_connection_goes_back_to_the_pool()
    {
        for (var round = 0; round < 2; round++)
        {
            (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _visitor.Get("/api/test/sleeps")))).ShouldAllBe(a => a.Status == 504 || a.Status == 503);
            (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _visitor.Get("/api/test/asleep")))).ShouldAllBe(a => a.Status == 504 || a.Status == 503);
        }
        for (var i = 0; i < 30; i++) (await _visitor.Get("/health/ready")).Must();
        (await world.Database.Count("pg_stat_activity where datname = current_database() and query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()")).ShouldBe(0);
    }

    [Fact]
    [Covers("asvs-16.5.4")]
    public async Task Asvs_16_5_4_What_fails_in_the_background_is_written_down_and_the_node_goes_on()
    {
        await world.EventuallyOr("the failure is not in the log", () => Task.FromResult(world.Errors.Any(e => e.Contains("stumbled", StringComparison.Ordinal))));
        (await _visitor.Get("/health/ready")).Must();
    }

    [Fact]
    [Covers("identity-64")]
    public async Task One_connection_of_http_2_has_fifty_requests_in_progress_at_most()
    {
        using var http = new HttpClient(new SocketsHttpHandler { EnableMultipleHttp2Connections = false }) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => http.GetAsync(new Uri($"http://127.0.0.1:{world.Http2Port}/api/test/counted"))));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK && a.Version == HttpVersion.Version20);
        world.Most.ShouldBeInRange(10, ServerLimits.MaxStreams);
    }

    [Fact]
    [Covers("identity-64", "identity-49", "O-5")]
    public void The_limits_of_a_connection_are_those_that_are_written_down()
    {
        var limits = world.Get<IOptions<KestrelServerOptions>>().Value.Limits;
        limits.MaxRequestBodySize.ShouldBe(ServerLimits.MaxBody);
        limits.MaxRequestHeaderCount.ShouldBe(ServerLimits.MaxHeaders);
        limits.MaxRequestHeadersTotalSize.ShouldBe(ServerLimits.MaxHeaderBytes);
        limits.MaxRequestLineSize.ShouldBe(ServerLimits.MaxRequestLine);
        limits.MaxConcurrentConnections.ShouldBe(ServerLimits.MaxConnections);
        limits.Http2.MaxStreamsPerConnection.ShouldBe(ServerLimits.MaxStreams);
        limits.RequestHeadersTimeout.ShouldBe(ServerLimits.HeadersWithin);
        limits.KeepAliveTimeout.ShouldBe(ServerLimits.Idle);
        limits.MinRequestBodyDataRate.ShouldNotBeNull();
    }
}
