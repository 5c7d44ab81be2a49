using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Guildhall.Bench;

/// <summary>The product as it is shipped: built in this process for what is measured below HTTP, started as a program for what is measured over it.</summary>
internal static class Product
{
    private static readonly string MasterKey = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

    public static WebApplication Build(Machine machine, string role = "web", Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? add = null) =>
        GuildhallApp.Build(Read(Settings(machine, FreePort())), role, builder =>
        {
            builder.Logging.ClearProviders();
            add?.Invoke(builder.Services);
        });

    /// <summary>Starts the program and waits until it is ready.</summary>
    public static async Task<Running> Start(Machine machine, params (string Name, string Value)[] more)
    {
        var port = FreePort();
        var dll = Environment.GetEnvironmentVariable("GUILDHALL_WEB_DLL") ?? throw new InvalidOperationException("Run ./bench: it builds the program that this starts.");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("GUILDHALL_DOTNET") ?? "dotnet", [dll, "serve"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Settings(machine, port).Concat(more)) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, line) => { if (line.Data is not null) Console.Error.WriteLine(line.Data); };
        process.BeginErrorReadLine();
        var running = new Running(process, new Uri($"http://127.0.0.1:{port}"));
        await running.Ready();
        return running;
    }

    /// <summary>Puts the demo marketplace into the database.</summary>
    public static Task Seed(Machine machine) => Programs.Run(Environment.GetEnvironmentVariable("GUILDHALL_DOTNET") ?? "dotnet",
        [Environment.GetEnvironmentVariable("GUILDHALL_WEB_DLL")!, "seed"], [.. Settings(machine, FreePort())]);

    private static HostSettings Read(IEnumerable<(string Name, string Value)> values)
    {
        foreach (var (name, value) in values) Environment.SetEnvironmentVariable(name, value);
        var (settings, wrong) = HostSettings.Read(new Microsoft.Extensions.Configuration.ConfigurationManager().AddFromEnvironment(), development: false);
        return settings ?? throw new InvalidOperationException(string.Join(' ', wrong));
    }

    private static Microsoft.Extensions.Configuration.IConfiguration AddFromEnvironment(this Microsoft.Extensions.Configuration.ConfigurationManager configuration)
    {
        Microsoft.Extensions.Configuration.EnvironmentVariablesExtensions.AddEnvironmentVariables(configuration);
        return configuration;
    }

    private static IEnumerable<(string Name, string Value)> Settings(Machine machine, int port) =>
    [
        ("GUILDHALL_MODE", "sandbox"), ("GUILDHALL_DATABASE", machine.As("guildhall_app")), ("GUILDHALL_DATABASE_OWNER", machine.As("guildhall_owner")),
        ("GUILDHALL_URL", $"http://127.0.0.1:{port}"), ("GUILDHALL_LISTEN", $"http://127.0.0.1:{port}"),
        ("GUILDHALL_MASTER_KEY", MasterKey), ("GUILDHALL_STRIPE_API", "http://127.0.0.1:9"), ("GUILDHALL_STRIPE_KEY", "sk_test_guildhall"), ("GUILDHALL_STRIPE_WEBHOOK_SECRET", "whsec_guildhall_sandbox"),
        ("GUILDHALL_SMTP", "smtp://127.0.0.1:9"), ("GUILDHALL_MAIL_FROM", "bench@guildhall.test"), ("GUILDHALL_RATE_FACTOR", "1000000"),
    ];

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

/// <summary>A started program.</summary>
internal sealed class Running(Process process, Uri address) : IAsyncDisposable
{
    public Uri Address => address;

    public long ResidentMegabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / (1024 * 1024);
        }
    }

    public async Task Ready()
    {
        using var http = new HttpClient { BaseAddress = address };
        for (var tries = 0; tries < 600; tries++)
        {
            if (process.HasExited) throw new InvalidOperationException($"The program ended with {process.ExitCode}.");
            try { if ((await http.GetAsync("/health/ready")).IsSuccessStatusCode) return; }
            catch (HttpRequestException) { } // not listening yet
            await Task.Delay(50);
        }
        throw new TimeoutException("The program did not become ready in 30 s.");
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
