using System.Diagnostics;
using System.Net.Http.Json;
using Npgsql;

namespace Guildhall.Bench;

/// <summary>better-auth on the same PostgreSQL, as a process of its own. Its packages are installed once, beside the results of builds.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly Process _process;

    private Peer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<Peer> Start(Machine machine)
    {
        var source = Path.Combine(Repository, "benchmarks", "peers", "better-auth");
        var folder = Path.Combine(Repository, "artifacts", "peers", "better-auth");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(source)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (!Directory.Exists(Path.Combine(folder, "node_modules"))) await Programs.Run("npm", ["ci", "--no-audit", "--no-fund", "--prefix", folder]);
        await machine.Sql("drop database if exists better_auth with (force)", onServer: true);
        await machine.Sql("create database better_auth", onServer: true);
        var at = new NpgsqlConnectionStringBuilder(machine.Superuser);
        var port = Product.FreePort();
        var start = new ProcessStartInfo("node", [Path.Combine(folder, "server.mjs")]) { RedirectStandardOutput = true };
        start.Environment["PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["PGURL"] = $"postgres://{at.Username}:{Uri.EscapeDataString(at.Password ?? "")}@{at.Host}:{at.Port}/better_auth";
        start.Environment["NODE_ENV"] = "production";
        start.Environment["BETTER_AUTH_TELEMETRY"] = "0";
        var peer = new Peer(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}"));
        await peer.Ready();
        return peer;
    }

    /// <summary>A bearer token of somebody who has just signed up.</summary>
    public async Task<string> SignUp(string email, string password)
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var answer = await http.PostAsJsonAsync("/api/auth/sign-up/email", new { email, password, name = "Bench" });
        answer.EnsureSuccessStatusCode();
        return answer.Headers.GetValues("set-auth-token").Single();
    }

    private static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Guildhall.slnx"))) folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException("Run ./bench from the repository.");
        }
    }

    private async Task Ready()
    {
        using var http = new HttpClient { BaseAddress = Address };
        for (var tries = 0; tries < 300; tries++)
        {
            if (_process.HasExited) throw new InvalidOperationException("better-auth did not start.");
            try { if ((await http.GetAsync("/ready")).IsSuccessStatusCode) return; }
            catch (HttpRequestException) { } // not listening yet
            await Task.Delay(100);
        }
        throw new TimeoutException("better-auth did not become ready in 30 s.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
