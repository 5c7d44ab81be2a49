using System.Diagnostics;
using System.Net.Sockets;

namespace Guildhall.Tests.Web.Host;

/// <summary>The real program, told to stop by the system.</summary>
[Covers("O-6")]
public sealed class SignalTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Told_to_stop_it_says_so_serves_on_for_a_moment_and_ends_well_with_no_job_in_its_hands()
    {
        var port = Ports.Free();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "guildhall.dll"), "serve"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new (string, string)[]
        {
            ("MODE", "sandbox"), ("DATABASE", database.App), ("MASTER_KEY", Convert.ToBase64String(World.MasterKey)), ("URL", $"http://localhost:{port}"), ("STRIPE_KEY", World.StripeKey),
            ("STRIPE_WEBHOOK_SECRET", World.WebhookSecret), ("STRIPE_API", "http://127.0.0.1:1"), ("DRAIN_SECONDS", "3"), ("NODE", "to-be-stopped"),
        }) start.Environment["GUILDHALL_" + name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        await Eventually.True(async () => process.HasExited ? throw new InvalidOperationException(await errors) : await Status("/health/ready") == 200, "It did not start");

        Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        await Eventually.True(async () => await Status("/health/ready") == 503, "It does not say that it stops");
        (await Status("/health/live")).ShouldBe(200);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        process.ExitCode.ShouldBe(0);
        (await output).ShouldNotContain("process_ends");
        (await database.Count("foundation.jobs where state = 'running'")).ShouldBe(0);

        async Task<int> Status(string path)
        {
            try { return (int)(await http.GetAsync(path)).StatusCode; }
            catch (Exception problem) when (problem is HttpRequestException or SocketException) { return 0; }
        }
    }
}
