using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Guildhall.Bench;

/// <summary>wrk with 64 connections: GET /api/v1/me (bearer token, session check) against the product's empty endpoint (the whole pipeline, rate
/// limiting on for both), and that one against a bare Kestrel endpoint with the same body.</summary>
internal static partial class WebEndpoints
{
    private const int Connections = 64, Seconds = 6, Repetitions = 3;

    public static async Task Run(Machine machine)
    {
        await using var program = await Product.Start(machine);
        var token = await SignIn(machine, program);
        var bearer = new[] { "-H", $"Authorization: Bearer {token}" };
        await using var bare = await Bare();
        var bareAddress = new Uri(bare.Urls.First());
        var (me, empty, kestrel) = (new List<double>(), new List<double>(), new List<double>());
        await Load(new Uri(program.Address, "/api/v1/me"), bearer);
        await Load(new Uri(program.Address, "/health/live"), []);
        await Load(bareAddress, []);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            me.Add(await Load(new Uri(program.Address, "/api/v1/me"), bearer));
            empty.Add(await Load(new Uri(program.Address, "/health/live"), []));
            kestrel.Add(await Load(bareAddress, []));
        }
        machine.Row("GET /api/v1/me, bearer token, session check", Numbers.Spread(me), $"empty endpoint of the same server: {Numbers.Spread(empty)}",
            Numbers.Ratio(Numbers.Median(me), Numbers.Median(empty)), "≥ 0.7", "CPU of one process next to the load generator; rate limiting on for both");
        machine.Row("empty endpoint, whole pipeline", Numbers.Spread(empty), $"bare Kestrel endpoint: {Numbers.Spread(kestrel)}",
            Numbers.Ratio(Numbers.Median(empty), Numbers.Median(kestrel)), "≥ 0.85", "security headers are most of the answer's bytes");
        await bare.StopAsync();
    }

    private static async Task<string> SignIn(Machine machine, Running program)
    {
        const string Email = "bench@example.test", Password = "a-long-enough-bench-phrase-41";
        using var http = new HttpClient { BaseAddress = program.Address };
        await http.PostAsJsonAsync("/api/v1/auth/register", new { email = Email, password = Password, displayName = "Bench", language = "en", zone = "UTC" });
        await machine.Sql("update identity.accounts set state = 'active', email_verified_at = now() where state = 'unverified'");
        using var answer = await http.PostAsJsonAsync("/api/v1/auth/sign-in", new { email = Email, password = Password });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return body.TryGetProperty("accessToken", out var token) ? token.GetString()! : throw new InvalidOperationException($"Sign-in failed: {body}");
    }

    private static async Task<WebApplication> Bare()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{Product.FreePort()}");
        var app = builder.Build();
        app.MapGet("/", () => Results.Ok(new { status = "live" }));
        await app.StartAsync();
        return app;
    }

    internal static async Task<double> Load(Uri address, string[] headers, int connections = Connections)
    {
        var output = await Programs.Run("wrk", ["-t1", $"-c{connections}", $"-d{Seconds}s", .. headers, address.AbsoluteUri]);
        if (output.Contains("Non-2xx", StringComparison.Ordinal)) throw new InvalidOperationException($"{address} refused requests: {output}");
        return double.Parse(Rps().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Rps();
}
