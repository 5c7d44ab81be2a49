using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guildhall.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Guildhall.Tests.Support;

/// <summary>The outside of a <see cref="World"/>: guildhall-sandbox on ports of its own in this process, met over HTTP and SMTP only.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IAsyncDisposable _memory;
    private readonly string _folder;

    public HttpClient Http { get; }

    /// <summary>Where ClamAV's daemon listens.</summary>
    public IPEndPoint Clamd { get; }

    private SandboxHost(WebApplication app, IAsyncDisposable memory, string folder, Uri address)
    {
        (_app, _memory, _folder) = (app, memory, folder);
        Clamd = app.Services.GetRequiredService<SandboxOptions>().Clamd!;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    internal static async Task<SandboxHost> Start(int port, int smtpPort, Uri webhook)
    {
        var (folder, address) = (Directory.CreateTempSubdirectory("guildhall-sandbox-").FullName, new Uri($"http://127.0.0.1:{port}"));
        var options = new SandboxOptions(address.GetLeftPart(UriPartial.Authority), new IPEndPoint(IPAddress.Loopback, smtpPort), folder,
            World.StripeKey, webhook, World.WebhookSecret, World.TwilioSid, World.TwilioToken, World.SmsFrom, Keep: 25_000)
        {
            Ses = new Sandbox.Ses.SesAccount(new Uri(webhook, "ses")),
            SendGrid = new Sandbox.SendGrid.SendGridAccount(WebhookUrl: new Uri(webhook, "sendgrid")),
            Clamd = new IPEndPoint(IPAddress.Loopback, Ports.Free()),
            PayPal = new Sandbox.PayPal.PayPalAccount(WebhookUrl: new Uri(webhook, "paypal")),
        };
        var memory = Sandbox.State.World.Open(options.Data, options.Keep);
        var app = SandboxApp.Build(options, memory, logging => logging.ClearProviders());
        await app.StartAsync();
        return new SandboxHost(app, memory, folder, address);
    }

    /// <summary>A part of it: for a key that nobody else may have.</summary>
    internal T Part<T>() where T : notnull => (T)_app.Services.GetService(typeof(T))!;

    public Task<JsonElement> Get(string path) => Http.GetFromJsonAsync<JsonElement>(path);

    public async Task<JsonElement> Post(string path, object? body = null)
    {
        using var answer = await Http.PostAsJsonAsync(path, body ?? new { });
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) Assert.Fail($"The sandbox answered {(int)answer.StatusCode} to POST {path}: {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    public async Task Put(string path, object body)
    {
        using var answer = await Http.PutAsJsonAsync(path, body);
        if (!answer.IsSuccessStatusCode) Assert.Fail($"The sandbox answered {(int)answer.StatusCode} to PUT {path}: {await answer.Content.ReadAsStringAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _memory.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
