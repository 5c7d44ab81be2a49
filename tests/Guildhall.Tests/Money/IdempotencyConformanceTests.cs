using System.Diagnostics;
using System.Globalization;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guildhall.Tests.Money;

/// <summary>scripts/idempotency-conformance, pointed at the product and at a server that keeps none of the rules.</summary>
public sealed class IdempotencyConformanceTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    [Fact]
    [Covers("M-3", "money-1", "money-3", "money-4", "money-7", "money-9", "money-11")]
    public async Task The_product_keeps_every_rule()
    {
        var (one, other) = (await world.ProviderWith(new Amount(200_000, MoneyWorld.Kwd)), await world.ProviderWith(new Amount(20_000, MoneyWorld.Kwd)));
        var (code, said) = await Ask($$$"""
            BASE={{{world.Addresses[1].GetLeftPart(UriPartial.Authority)}}}
            ROUTE=/api/v1/withdrawals
            BODY={"amount":{"minor":100,"currency":"KWD"}}
            BODY_EQUAL={ "amount": { "currency": "KWD", "minor": 100.0 } }
            OTHER_BODY={"amount":{"minor":200,"currency":"KWD"}}
            REFUSED_BODY={"amount":{"minor":999999990,"currency":"KWD"}}
            AUTH={{{Header(one)}}}
            OTHER_AUTH={{{Header(other)}}}
            """);
        code.ShouldBe(0, said);
        said.ShouldNotContain("FAILED");
        said.Split('\n').Count(l => l.StartsWith("ok ", StringComparison.Ordinal)).ShouldBe(7, said);
        await world.Books.MustHold();
    }

    [Fact]
    public async Task A_server_that_keeps_none_fails_every_rule()
    {
        var made = 0;
        await using var wrong = Serve(async http =>
        {
            // Every request makes something new, whatever its key.
            http.Response.StatusCode = 201;
            await http.Response.WriteAsync($"{{\"id\":{Interlocked.Increment(ref made)}}}");
        }, out var address);
        var (code, said) = await Ask($$$"""
            BASE={{{address}}}
            ROUTE=/things
            BODY={"minor":1}
            BODY_EQUAL={ "minor": 1 }
            OTHER_BODY={"minor":2}
            REFUSED_BODY={"minor":3}
            """);
        code.ShouldBe(1, said);
        said.Split('\n').Count(l => l.StartsWith("FAILED", StringComparison.Ordinal)).ShouldBe(6, said);
    }

    [Fact]
    public async Task A_server_whose_keys_are_everybodys_fails_those_rules()
    {
        var kept = new System.Collections.Concurrent.ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using var wrong = Serve(async http =>
        {
            var key = http.Request.Headers["Idempotency-Key"].ToString();
            if (!kept.TryAdd(key, Guid.NewGuid().ToString())) http.Response.Headers["Idempotency-Replayed"] = "true";
            http.Response.StatusCode = 201;
            await http.Response.WriteAsync(kept[key]);
        }, out var address);
        var (code, said) = await Ask($$$"""
            BASE={{{address}}}
            ROUTE=/things
            OTHER_ROUTE=/others
            BODY={"minor":1}
            OTHER_BODY={"minor":2}
            AUTH=X-Who: one
            OTHER_AUTH=X-Who: other
            """);
        code.ShouldBe(1, said);
        said.ShouldContain("FAILED      the keys of two users are independent");
        said.ShouldContain("FAILED      the keys of two routes are independent");
        said.ShouldContain("ok          the same key and body");
    }

    private static string Header(Caller person) => $"{TestSignIn.Header}: {person.AccountId}";

    private static WebApplication Serve(RequestDelegate answer, out string address)
    {
        address = $"http://127.0.0.1:{Ports.Free().ToString(CultureInfo.InvariantCulture)}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        var app = builder.Build();
        app.Run(answer);
        app.Start();
        return app;
    }

    private static async Task<(int Code, string Said)> Ask(string config)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, config);
        try
        {
            using var script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(Tree.Root, "scripts/idempotency-conformance"), file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (said, errors) = (script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
            await script.WaitForExitAsync();
            return (script.ExitCode, await said + await errors);
        }
        finally { File.Delete(file); }
    }
}
