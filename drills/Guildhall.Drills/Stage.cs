using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guildhall.Drills;

/// <summary>Everything as it is in production, on this machine: a database of its own, two nodes and the sandbox as processes.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const string Database = "drill_purchases";
    private readonly string _server = Environment.GetEnvironmentVariable("GUILDHALL_TEST_POSTGRES") ?? throw new InvalidOperationException("Run it by ./drill.");
    private readonly string _data = Directory.CreateTempSubdirectory("guildhall-drill-").FullName;
    private readonly string _masterKey = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
    private readonly Process?[] _nodes = new Process?[2];
    private Process? _sandbox;
    private Dictionary<string, string> _more = [];
    private Uri? _webhooks;
    private int _keep = 25_000;

    public Uri[] Nodes { get; } = [new($"http://127.0.0.1:{FreePort()}"), new($"http://127.0.0.1:{FreePort()}")];
    public HttpClient Sandbox { get; } = new() { BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}"), Timeout = TimeSpan.FromSeconds(30) };
    private int SmtpPort { get; } = FreePort();
    private int ClamdPort { get; } = FreePort();

    public NpgsqlDataSource Superuser { get; private set; } = null!;

    /// <param name="plan">What is said when it is set.</param>
    /// <param name="more">Settings of the nodes besides or instead of the usual, knowing the ports of the sandbox: HTTP, SMTP, ClamAV.</param>
    public static async Task<Stage> Set(Plan plan, Func<int, int, int, Dictionary<string, string>>? more = null)
    {
        var stage = new Stage();
        stage._more = more?.Invoke(stage.Sandbox.BaseAddress!.Port, stage.SmtpPort, stage.ClamdPort) ?? [];
        await stage.MakeDatabase();
        stage.StartSandbox();
        await stage.Ready(stage.Sandbox.BaseAddress!);
        await stage.RunToEnd("migrate");
        await stage.RunToEnd("seed");
        // A few customers do here in minutes what many do in days.
        await stage.Superuser.CreateCommand("insert into foundation.settings (key, value, version, changed_at) values ('marketplace.max_lapsed_holds', '1000', 1, now())").ExecuteNonQueryAsync();
        stage.Start(0);
        stage.Start(1);
        foreach (var node in stage.Nodes) await stage.Ready(node);
        Console.WriteLine($"two nodes at {stage.Nodes[0]} and {stage.Nodes[1]}; {plan.Purchases} purchases by {plan.Customers} customers, {plan.Kills} kills");
        return stage;
    }

    /// <summary>A migrated database and nobody else.</summary>
    public static async Task<Stage> Bare()
    {
        var stage = new Stage();
        await stage.MakeDatabase();
        await stage.RunToEnd("migrate");
        return stage;
    }

    /// <summary>A migrated database, and a sandbox that remembers so much and brings its webhooks to this address. The one node is this process, see <see cref="Inside"/>.</summary>
    public static async Task<Stage> WithoutNodes(Uri webhooks, int keep)
    {
        var stage = new Stage { _webhooks = webhooks, _keep = keep };
        stage.Nodes[1] = stage.Nodes[0];
        await stage.MakeDatabase();
        stage.StartSandbox();
        await stage.Ready(stage.Sandbox.BaseAddress!);
        await stage.RunToEnd("migrate");
        return stage;
    }

    /// <summary>The product, started in this process: it listens and works as a node does.</summary>
    public async Task<WebApplication> Inside()
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(Settings(0)!);
        var (settings, wrong) = HostSettings.Read(configuration, development: false);
        var app = GuildhallApp.Build(settings ?? throw new InvalidOperationException(string.Join(' ', wrong)), "all", builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        return app;
    }

    /// <summary>This program again, with the settings of a node; told every line it writes. What it says of itself on the other stream goes to our own.</summary>
    public Process Work(string[] arguments, Action<string> told)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("GUILDHALL_DOTNET") ?? "dotnet", [typeof(Stage).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var (name, value) in Settings(0)) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => { if (line.Data is { } text) told(text); };
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>kill -9, then a new process of the same node.</summary>
    public void KillAndRestart(int node)
    {
        _nodes[node]!.Kill();
        _nodes[node]!.WaitForExit();
        _nodes[node]!.Dispose();
        Start(node);
    }

    /// <summary>Both nodes once more, with this setting.</summary>
    public async Task StartAnew(string setting, string value)
    {
        _more[setting] = value;
        for (var node = 0; node < Nodes.Length; node++) KillAndRestart(node);
        foreach (var node in Nodes) await Ready(node);
    }

    public long ResidentMegabytes(int node)
    {
        try { return Process.GetProcessById(_nodes[node]!.Id).WorkingSet64 / (1024 * 1024); }
        catch (Exception gone) when (gone is InvalidOperationException or ArgumentException) { return 0; } // it is just being killed
    }

    public Task Faults(object faults) => Sandbox.PutAsJsonAsync("/sandbox/faults", faults);

    public async Task<IReadOnlyList<JsonElement>> Did(string kind)
    {
        var list = await Sandbox.GetFromJsonAsync<JsonElement>($"/sandbox/stripe/{kind}");
        return [.. (list.ValueKind == JsonValueKind.Array ? list : list.GetProperty("data")).EnumerateArray()];
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = Superuser.CreateCommand(sql);
        command.CommandTimeout = 300;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>As the superuser.</summary>
    public async Task Tell(string sql, params object[] args)
    {
        await using var command = Superuser.CreateCommand(sql);
        command.CommandTimeout = 300;
        foreach (var arg in args) command.Parameters.Add(new NpgsqlParameter { Value = arg });
        await command.ExecuteNonQueryAsync();
    }

    public async Task Ready(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(60);)
        {
            try
            {
                using var answer = await http.GetAsync("/health/live");
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException) { } // not yet
            await Task.Delay(100);
        }
        throw new TimeoutException($"{address} did not answer within a minute.");
    }

    private async Task MakeDatabase()
    {
        await using var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString);
        foreach (var sql in new[]
        {
            "do $$ begin if not exists (select 1 from pg_roles where rolname = 'guildhall_owner') then create role guildhall_owner login; end if; end $$",
            "do $$ begin if not exists (select 1 from pg_roles where rolname = 'guildhall_app') then create role guildhall_app login; end if; end $$",
            "alter role guildhall_owner password 'drill'", "alter role guildhall_app password 'drill'",
            $"drop database if exists {Database} with (force)", $"create database {Database} owner guildhall_owner",
        })
        {
            await using var command = server.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
        Superuser = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_server) { Database = Database, MaxPoolSize = 5 }.ConnectionString);
    }

    private string As(string role) => new NpgsqlConnectionStringBuilder(_server) { Database = Database, Username = role, Password = "drill" }.ConnectionString;

    private void Start(int node) => _nodes[node] = Launch("GUILDHALL_WEB_DLL", ["serve"], Path.Combine(_data, $"node{node}.log"), Settings(node));

    private async Task RunToEnd(string command)
    {
        var log = Path.Combine(_data, command + ".log");
        using var process = Launch("GUILDHALL_WEB_DLL", [command], log, Settings(0));
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command} failed: {await File.ReadAllTextAsync(log)}");
    }

    private Dictionary<string, string> Settings(int node) => new(Usual(node).Where(s => !_more.ContainsKey(s.Key)).Concat(_more), StringComparer.Ordinal);

    private Dictionary<string, string> Usual(int node) => new(StringComparer.Ordinal)
    {
        ["GUILDHALL_MODE"] = "sandbox", ["GUILDHALL_DATABASE"] = As("guildhall_app"), ["GUILDHALL_DATABASE_OWNER"] = As("guildhall_owner"), ["GUILDHALL_NODE"] = $"node-{node}",
        ["GUILDHALL_URL"] = Nodes[0].GetLeftPart(UriPartial.Authority), ["GUILDHALL_LISTEN"] = Nodes[node].GetLeftPart(UriPartial.Authority), ["GUILDHALL_MASTER_KEY"] = _masterKey,
        ["GUILDHALL_STRIPE_API"] = Sandbox.BaseAddress!.AbsoluteUri, ["GUILDHALL_STRIPE_KEY"] = "sk_test_guildhall", ["GUILDHALL_STRIPE_WEBHOOK_SECRET"] = "whsec_guildhall_sandbox",
        ["GUILDHALL_SMTP"] = $"smtp://127.0.0.1:{SmtpPort}", ["GUILDHALL_MAIL_FROM"] = "hello@guildhall.test", ["GUILDHALL_SANDBOX_URL"] = Sandbox.BaseAddress!.AbsoluteUri, ["GUILDHALL_RATE_FACTOR"] = "1000",
    };

    private void StartSandbox() => _sandbox = Launch("GUILDHALL_SANDBOX_DLL", [], Path.Combine(_data, "sandbox.log"), new(StringComparer.Ordinal)
    {
        ["SANDBOX_LISTEN"] = Sandbox.BaseAddress!.GetLeftPart(UriPartial.Authority), ["SANDBOX_SMTP"] = $"127.0.0.1:{SmtpPort}", ["SANDBOX_CLAMD"] = $"127.0.0.1:{ClamdPort}", ["SANDBOX_DATA"] = Path.Combine(_data, "sandbox"),
        ["SANDBOX_KEEP"] = _keep.ToString(CultureInfo.InvariantCulture),
        ["SANDBOX_STRIPE_KEY"] = "sk_test_guildhall", ["SANDBOX_STRIPE_WEBHOOK_URL"] = (_webhooks ?? new Uri(Nodes[1], "/api/v1/webhooks/stripe")).AbsoluteUri, ["SANDBOX_STRIPE_WEBHOOK_SECRET"] = "whsec_guildhall_sandbox",
    });

    private static Process Launch(string program, string[] arguments, string log, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("GUILDHALL_DOTNET") ?? "dotnet", [Environment.GetEnvironmentVariable(program)!, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        var gate = new object();
        void Keep(object _, DataReceivedEventArgs line) { if (line.Data is not null) lock (gate) File.AppendAllText(log, line.Data + "\n"); }
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    // Below what the system gives to outgoing connections: a node that was killed finds its own free again.
    public static int FreePort()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, Random.Shared.Next(15_000, 32_000));
            try { probe.Start(); }
            catch (SocketException) { continue; }
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _nodes.Append(_sandbox).OfType<Process>())
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        await Superuser.DisposeAsync();
        Sandbox.Dispose();
        if (Environment.GetEnvironmentVariable("GUILDHALL_DRILL_KEEP") is null) Directory.Delete(_data, recursive: true);
        else Console.WriteLine($"logs: {_data}");
    }
}
