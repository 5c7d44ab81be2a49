using System.Collections.Concurrent;
using Guildhall.Marketplace.Seed;

[assembly: AssemblyFixture(typeof(TestRun))]

namespace Guildhall.BrowserTests.Support;

/// <summary>Two nodes, the sandbox, the demo marketplace, and a real Chromium in front of them.</summary>
public sealed class BrowserWorld : World, IAsyncLifetime
{
    private const string Variable = "GUILDHALL_TEST_CHROMIUM";
    private IPlaywright? _driver;
    private IBrowser? _browser;

    /// <summary>What pages complained of: script errors, refused resources, answers of 500 and above.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    internal Camera Camera { get; } = new();

    /// <summary>Where the sandbox listens.</summary>
    public Uri SandboxUrl => Sandbox.Http.BaseAddress!;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        await SeedMarketplace.Ensure(Data());
        var chromium = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path
            ? path
            : throw new InvalidOperationException($"{Variable} is not set: run ./test --browser, or set it to the path of Chromium.");
        _driver = await Playwright.CreateAsync();
        _browser = await _driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            // Sound and picture that it makes up; two browsers of one machine reach each other by its own address.
            Args =
            [
                "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection", "--disable-features=WebRtcHideLocalIpsWithMdns",
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _driver?.Dispose();
        await DisposeAsync();
    }

    /// <summary>Somebody with a browser of their own, served by one of the nodes, in a time zone.</summary>
    public async Task<Surfer> Surfer(int node, string zone)
    {
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, TimezoneId = zone, Locale = "en-GB" });
        context.SetDefaultTimeout(15_000);
        var page = await context.NewPageAsync();
        page.Console += (_, said) => { if (said.Type == "error") Complaints.Enqueue($"{page.Url}: {said.Text}"); };
        page.PageError += (_, error) => Complaints.Enqueue($"{page.Url}: {error}");
        page.Response += (_, answer) => { if (answer.Status >= 500) Complaints.Enqueue($"{answer.Url} answered {answer.Status}"); };
        return new Surfer(this, page, new Uri($"http://localhost:{Addresses[node].Port}"));
    }
}
