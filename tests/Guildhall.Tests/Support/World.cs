using System.Collections.Concurrent;
using Guildhall.Foundation.Data;
using Guildhall.Identity.Passwords;
using Guildhall.Messaging;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Guildhall.Tests.Support;

/// <summary>A running marketplace for one test class: two product nodes in this process, on one database of their own, and the sandbox beside
/// them. As a class fixture; a class that needs another shape derives from it.</summary>
public class World : IAsyncLifetime
{
    internal const string StripeKey = "sk_test_guildhall";
    internal const string WebhookSecret = "whsec_guildhall_sandbox";
    internal const string TwilioSid = "AC00000000000000000000000000000000";
    internal const string TwilioToken = "guildhall_sandbox_twilio_token";
    internal const string SmsFrom = "+15005550006";

    // The same for every world: keys of people are cached per process.
    internal static readonly byte[] MasterKey = System.Security.Cryptography.RandomNumberGenerator.GetBytes(32);

    // What passwords cost is what PasswordHashTests and the drill of answer times are about; elsewhere it is only waited for.
    internal static readonly HashRecipe PasswordHash = new("pbkdf2-sha512", 1, 1_000);

    private readonly List<WebApplication> _nodes = [];
    private SandboxHost? _sandbox;
    private int _turn = -1;

    /// <summary>Superuser's view of the world's database.</summary>
    public TestDatabase Database { get; } = new();

    public SandboxHost Sandbox => _sandbox ?? throw new InvalidOperationException($"{GetType().Name} has no sandbox.");
    public SandboxGateway Gateway => new(this);
    public WorldClock Clock => new(this);
    internal bool HasOutside => _sandbox is not null;
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>Errors that any node logged: a test that expects none says <c>world.Errors.ShouldBeEmpty()</c>.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    protected virtual int NodeCount => 2;
    protected virtual bool HasSandbox => true;

    /// <summary>Rate limits are multiplied by this; a world that tests limits says 1.</summary>
    protected virtual int RateFactor => 1000;

    protected virtual string Role(int node) => "all";

    /// <summary>Changes the services of a node before it is built.</summary>
    protected virtual void Adjust(WebApplicationBuilder builder, int node) { }

    /// <summary>Adds routes that exist only in this world.</summary>
    protected virtual void MapRoutes(IEndpointRouteBuilder routes) { }

    /// <summary>Runs on the empty database before any node starts.</summary>
    protected virtual Task Prepare() => Task.CompletedTask;

    /// <summary>Changes the settings of a node.</summary>
    internal virtual HostSettings Configure(HostSettings settings, int node) => settings;

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        await Prepare();
        var ports = Enumerable.Range(0, NodeCount).Select(_ => Ports.Free()).ToArray();
        Addresses = [.. ports.Select(port => new Uri($"http://127.0.0.1:{port}"))];
        var (sandboxPort, smtpPort) = (Ports.Free(), Ports.Free());
        if (HasSandbox) _sandbox = await SandboxHost.Start(sandboxPort, smtpPort, new Uri(Addresses[0], "/api/v1/webhooks/stripe"));
        for (var i = 0; i < NodeCount; i++) _nodes.Add(Build(i, sandboxPort, smtpPort));
        foreach (var node in _nodes) await node.StartAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            try { await node.StopAsync(limit.Token); }
            catch (OperationCanceledException) { } // a stream was open: it ends with the process
            await node.DisposeAsync();
        }
        if (_sandbox is not null) await _sandbox.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A part of a running node.</summary>
    internal T Get<T>(int node = 0) where T : notnull => _nodes[node].Services.GetRequiredService<T>();

    /// <summary>That part of every node.</summary>
    internal IEnumerable<T> Everywhere<T>() where T : notnull => _nodes.Select(node => node.Services.GetRequiredService<T>());

    internal Database Data(int node = 0) => Get<Database>(node);

    /// <summary>Somebody with a browser or program of their own, not signed in. Requests alternate between the nodes.</summary>
    public Visitor Visitor() => new(this);

    /// <summary>Stops the jobs of a node or starts it anew is left to classes that need it: they take the node itself.</summary>
    internal WebApplication Node(int node) => _nodes[node];

    internal Uri NextAddress() => Addresses[(int)((uint)Interlocked.Increment(ref _turn) % (uint)Addresses.Count)];

    /// <summary>Waits until it holds, at most 20 seconds; says the sentence otherwise.</summary>
    public Task EventuallyOr(string otherwise, Func<Task<bool>> holds, TimeSpan? within = null) => Eventually.True(holds, otherwise, within);

    /// <summary>Waits until no job is due or running: everything that follows from what was done has been done.</summary>
    public Task JobsAreDone() => Eventually.True(
        async () => await Database.Count(Unfinished, Clock.Now) == 0,
        async () => "Jobs are left: " + string.Join("; ", await Database.Column<string>(JobsInWords)));

    private const string Unfinished = """
        foundation.jobs where kind not in ('seal_audit', 'forget_expired', 'keep_books') and (state = 'running' or (state = 'ready' and run_at <= $1))
        """;

    private const string JobsInWords = "select kind || ' ' || state || ' ' || attempts || ' ' || coalesce(last_error, '') from foundation.jobs";

    private WebApplication Build(int node, int sandboxPort, int smtpPort)
    {
        var sandbox = new Uri($"http://127.0.0.1:{sandboxPort}");
        var settings = Configure(new HostSettings
        {
            Sandbox = true, Development = false, Database = Database.App, DatabaseOwner = Database.Owner, MasterKey = MasterKey, PasswordHash = PasswordHash,
            Url = new Uri($"http://localhost:{Addresses[0].Port}"), Listen = Addresses[node].GetLeftPart(UriPartial.Authority), Node = $"node-{node}-{Database.Name}",
            StripeApi = sandbox, StripeKey = StripeKey, StripeWebhookSecrets = [WebhookSecret],
            Smtp = new Uri($"smtp://127.0.0.1:{smtpPort}"), MailFrom = "hello@guildhall.test", SandboxUrl = sandbox, RateFactor = RateFactor, PwnedApi = HasSandbox ? sandbox : null,
            Twilio = new TwilioOptions(sandbox, TwilioSid, TwilioToken, SmsFrom),
        }, node);
        var app = GuildhallApp.Build(settings, Role(node), builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(new ErrorLog(Errors));
            Adjust(builder, node);
        });
        MapRoutes(app);
        return app;
    }
}

/// <summary>A world of nodes only: no outside party is started.</summary>
public class NodesOnly : World
{
    protected override bool HasSandbox => false;
}
