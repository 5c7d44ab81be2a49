using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guildhall.Tests.Support;

/// <summary>The outside world of a <see cref="World"/>: guildhall-sandbox as a process of its own, met over HTTP only.</summary>
public sealed class SandboxProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _data;
    private readonly List<string> _output = [];

    public HttpClient Http { get; }

    private SandboxProcess(Process process, string data, Uri address)
    {
        (_process, _data) = (process, data);
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal static async Task<SandboxProcess> Start(int port, int smtpPort, Uri webhook)
    {
        var program = Tree.Path($"src/Guildhall.Sandbox/bin/{Tree.Configuration}/net10.0/guildhall-sandbox.dll");
        if (!File.Exists(program)) throw new InvalidOperationException($"The sandbox is not built: {program} is missing.");
        var data = Directory.CreateTempSubdirectory("guildhall-sandbox-").FullName;
        var address = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileName(path).StartsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet", [program])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Path.GetDirectoryName(program)!,
            Environment =
            {
                ["SANDBOX_LISTEN"] = address.GetLeftPart(UriPartial.Authority), ["SANDBOX_SMTP"] = $"127.0.0.1:{smtpPort}", ["SANDBOX_DATA"] = data,
                ["SANDBOX_STRIPE_KEY"] = World.StripeKey, ["SANDBOX_STRIPE_WEBHOOK_URL"] = webhook.ToString(), ["SANDBOX_STRIPE_WEBHOOK_SECRET"] = World.WebhookSecret,
                ["SANDBOX_TWILIO_SID"] = World.TwilioSid, ["SANDBOX_TWILIO_TOKEN"] = World.TwilioToken, ["SANDBOX_SMS_FROM"] = World.SmsFrom,
                ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "0", ["ASPNETCORE_ENVIRONMENT"] = "Production",
            },
        };
        var sandbox = new SandboxProcess(Process.Start(start)!, data, address);
        await Eventually.True(sandbox.Answers, () => Task.FromResult("The sandbox did not start: " + sandbox.Output), TimeSpan.FromSeconds(30));
        return sandbox;
    }

    /// <summary>What the process printed last.</summary>
    public string Output
    {
        get { lock (_output) return string.Join('\n', _output.TakeLast(40)); }
    }

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
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private async Task<bool> Answers()
    {
        if (_process.HasExited) Assert.Fail($"The sandbox ended with exit code {_process.ExitCode}: {Output}");
        try
        {
            using var answer = await Http.GetAsync("/sandbox/clock");
            return true;
        }
        catch (HttpRequestException) { return false; }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_output)
        {
            _output.Add(line);
            if (_output.Count > 400) _output.RemoveRange(0, 200);
        }
    }
}
