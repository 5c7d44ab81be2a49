using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Guildhall.Foundation.Http;
using Guildhall.Tests.Money;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Guildhall.Tests.Web.Http;

/// <summary>Every route of the API that reads a body, asked by somebody who may do everything, with bodies that no honest client sends.</summary>
public sealed partial class BodySweepTests(BodySweepTests.Setup world) : IClassFixture<BodySweepTests.Setup>
{
    public sealed class Setup : NodesOnly
    {
        protected override int NodeCount => 1;
        protected override int RateFactor => 100_000;
        protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Services.AddSingleton<IStartupFilter>(new TestSignIn());
    }

    private static readonly string[] ServerDecides = ["id", "role", "roles", "tenantId", "accountId", "emailVerified", "mfaEnabled", "isAdmin", "createdAt", "state", "fee", "total", "permissions"];

    // Without a body they are about the session that asks.
    private static readonly string[] MayBeEmpty = ["/api/v1/sessions/actions/extend", "/api/v1/orders/{id}/payments"];

    private IReadOnlyList<RouteCall> Routes => [.. RouteCall.Of(world.Node(0)).Where(r => r.IsApi && !r.IsRead && r.Endpoint.Metadata.GetMetadata<RawBody>() is null)];
    private IReadOnlyList<RouteCall> WithBody => [.. Routes.Where(r => r.BodyType is not null)];

    [Theory]
    [Covers("asvs-3.5.2", "identity-37", "identity-60")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("")]
    public async Task Asvs_3_5_2_Only_json_is_read_on_any_route_that_changes_something(string type)
    {
        await All(Routes, async route => await Send(route, Encoding.UTF8.GetBytes("{\"reason\":\"x\"}"), type) is { Status: 415, Code: "unsupported_media_type" } answer
            && answer.Headers.ContainsKey("X-Request-Id") ? null : "was read");
        Routes.Count.ShouldBeGreaterThan(90);
    }

    [Fact]
    [Covers("identity-49")]
    public async Task A_body_that_unpacks_to_a_thousand_times_its_size_is_not_unpacked()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) await gzip.WriteAsync(new byte[50_000_000]);
        await All(WithBody.Take(10), async route => (await Send(route, packed.ToArray(), "application/json", "gzip")).Status is 415 ? null : "was unpacked");
    }

    [Fact]
    [Covers("identity-48", "asvs-1.5.3", "asvs-2.2.1", "asvs-16.5.1")]
    public async Task What_is_no_json_of_ours_is_400_on_every_route_and_never_an_error()
    {
        foreach (var (what, body) in Hostile())
            await All(WithBody.Where(r => body.Length > 0 || !MayBeEmpty.Contains(r.Pattern)), async route => await Send(route, body) is { Status: 400 or 413 or 422 } ? null : what);
        world.Errors.ShouldBeEmpty();
    }

    [Fact]
    [Covers("asvs-2.2.1", "asvs-16.5.1")]
    public async Task A_list_with_nothing_in_one_of_its_places_is_refused_on_every_route_and_named()
    {
        var lists = 0;
        await All(WithBody, async route =>
        {
            var plausible = new Plausible(world.Clock.Now).Json(route.BodyType!);
            for (var no = 0; no < Lists(JsonNode.Parse(plausible)).Count(); no++)
            {
                Interlocked.Increment(ref lists);
                var body = JsonNode.Parse(plausible)!;
                var list = Lists(body).ElementAt(no);
                list.Clear();
                list.Add(null);
                var answer = await Send(route, Encoding.UTF8.GetBytes(body.ToJsonString()));
                if (answer is not { Status: 400, Code: "invalid_body" } || !(answer.Word("field") ?? "").StartsWith(list.GetPath()[2..], StringComparison.Ordinal)) return $"took nothing in {list.GetPath()}: {answer.Status} {answer.Code}";
            }
            return null;
        });
        lists.ShouldBeGreaterThan(10);
        world.Errors.ShouldBeEmpty();
    }

    [Theory]
    [Covers("asvs-2.2.1", "asvs-16.5.1")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-20")]
    [InlineData("9999-12-31")]
    public async Task A_day_at_the_end_of_all_days_is_an_error_on_no_route(string day)
    {
        string[] named = ["from", "until", "to", "day", "date", "at", "since", "before", "after"];
        await All(RouteCall.Of(world.Node(0)).Where(r => r.IsRead && !r.IsStream), async route =>
        {
            var days = route.Query.Where(q => q.Type == typeof(DateOnly) || q.Type == typeof(DateTimeOffset) || q.Type == typeof(string) && named.Contains(q.Name)).Select(q => q.Name).ToArray();
            if (route.Handler is null) days = ["from", "until"]; // a page reads its address itself
            string[] wishes = [.. days.Select(name => $"?{name}={day}"), .. days.Length > 1 ? ["?" + string.Join('&', days.Select(name => $"{name}={day}"))] : Array.Empty<string>(), "?from=9999-12-20&until=9999-12-31"];
            foreach (var wish in days.Length == 0 ? [] : wishes)
                if ((await world.Somebody().Send(HttpMethod.Get, route.PathOfNothing() + wish)).Status is var status and >= 500) return $"{wish} was {status}";
            return null;
        });
        await All(WithBody.Where(r => Day().IsMatch(new Plausible(world.Clock.Now).Json(r.BodyType!))), async route =>
        {
            var body = Day().Replace(new Plausible(world.Clock.Now).Json(route.BodyType!), m => m.Groups[1].Success ? $"\"{day}T00:00:00Z\"" : $"\"{day}\"");
            return (await Send(route, Encoding.UTF8.GetBytes(body))).Status is >= 500 and var status ? $"was {status} for {body}" : null;
        });
        world.Errors.ShouldBeEmpty();
    }

    [Fact]
    [Covers("identity-40", "asvs-15.3.1", "asvs-15.3.3", "asvs-8.2.3")]
    public async Task Asvs_15_3_3_What_the_server_decides_cannot_be_sent_along_on_any_route()
    {
        var before = await Fingerprint.Of(world.Database);
        await All(WithBody, async route =>
        {
            foreach (var field in ServerDecides)
            {
                var body = (JsonObject)JsonNode.Parse(new Plausible(world.Clock.Now).Json(route.BodyType!))!;
                if (body.ContainsKey(field)) continue; // what this very route is for
                body[field] = "admin";
                if (await Send(route, Encoding.UTF8.GetBytes(body.ToJsonString())) is not { Status: 400 or 422, Code: "invalid_body" or "server_decides" } answer) return $"took {field}";
                if (answer.Word("field") != field) return $"does not name {field}";
            }
            return null;
        });
        Fingerprint.Changed(before, await Fingerprint.Of(world.Database)).ShouldBeEmpty();
    }

    [Fact]
    [Covers("identity-63", "asvs-15.3.7")]
    public async Task Asvs_15_3_7_A_name_that_stands_twice_in_an_address_is_refused_on_every_route()
    {
        var reads = RouteCall.Of(world.Node(0)).Where(r => r.Endpoint.Metadata.GetMetadata<ForeignQuery>() is null && !r.IsStream && r.Pattern is not "/not-found").ToArray();
        await All(reads, async route =>
        {
            foreach (var name in route.Query.Select(q => q.Name).Append("userId").Distinct(StringComparer.Ordinal))
                if (await world.Somebody().Send(new HttpMethod(route.Method), $"{route.PathOfNothing()}?{name}=1&{name}=2", null, ("Idempotency-Key", Guid.NewGuid().ToString())) is not { Status: 400, Code: "given_twice" } answer
                    || answer.Word("field") != name)
                    return $"took {name} twice";
            return null;
        });
    }

    [Fact]
    [Covers("identity-63", "asvs-15.3.7")]
    public async Task Asvs_15_3_7_Two_keys_two_tokens_and_two_types_are_refused()
    {
        var customer = await world.Person("customer");
        (await customer.Send(HttpMethod.Post, "bookings", new StringContent("{}", Encoding.UTF8, "application/json"), ("Idempotency-Key", "a"), ("Idempotency-Key", "b"))).MustRefuse(FoundationRefusals.IdempotencyKeyMissing);
        var raw = await RawHttp.Ask(world.Addresses[0], $"GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {customer.Token}\r\nAuthorization: Bearer {customer.Token}\r\nConnection: close\r\n\r\n");
        raw.ShouldStartWith("HTTP/1.1 401");
    }

    [GeneratedRegex("\"\\d{4}-\\d\\d-\\d\\d(T[^\"]*)?\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Day();

    private static IEnumerable<JsonArray> Lists(JsonNode? node) => node switch
    {
        JsonArray list => [list, .. list.SelectMany(Lists)],
        JsonObject body => body.SelectMany(member => Lists(member.Value)),
        _ => [],
    };

    private static IEnumerable<(string What, byte[] Body)> Hostile()
    {
        yield return ("65 levels", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 65)) + "1" + new string('}', 65)));
        yield return ("100,000 brackets", Encoding.UTF8.GetBytes(new string('[', 100_000)));
        yield return ("8,000 names", Encoding.UTF8.GetBytes("{" + string.Join(',', Enumerable.Range(0, 8_000).Select(i => $"\"k{i}\":{i}")) + "}"));
        yield return ("a number beyond numbers", "{\"amount\":1e9999}"u8.ToArray());
        yield return ("a byte order mark and nothing", [0xEF, 0xBB, 0xBF]);
        yield return ("UTF-16", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{\"reason\":\"x\"}")).ToArray());
        yield return ("something after the end", "{} garbage"u8.ToArray());
        yield return ("broken UTF-8", [.. "{\"reason\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        yield return ("half a character", "{\"reason\":\"\\ud800\"}"u8.ToArray());
        yield return ("a name twice", "{\"reason\":\"a\",\"reason\":\"b\"}"u8.ToArray());
        yield return ("a list", "[1]"u8.ToArray());
        yield return ("a number", "1"u8.ToArray());
        yield return ("nothing", []);
    }

    // Every route is told whose answer was wrong; null is right.
    private static async Task All(IEnumerable<RouteCall> routes, Func<RouteCall, Task<string?>> objection)
    {
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(routes, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (route, _) =>
        {
            if (await objection(route) is { } what) wrong.Add($"{route}: {what}");
        });
        if (!wrong.IsEmpty) Assert.Fail(string.Join('\n', wrong.Order(StringComparer.Ordinal)));
    }

    private Task<Answer> Send(RouteCall route, byte[] body, string type = "application/json", string? encoding = null)
    {
        var content = new ByteArrayContent(body);
        if (type.Length > 0) content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null) content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return world.Somebody().Send(new HttpMethod(route.Method), route.PathOfNothing(), content, ("Idempotency-Key", Guid.NewGuid().ToString()));
    }
}

internal static class Omnipotent
{
    private static readonly Guid Account = Guid.CreateVersion7();

    /// <summary>Somebody who may do everything, in a world with <see cref="TestSignIn"/>.</summary>
    public static Visitor Somebody(this World world) => new Almighty(world);

    private sealed class Almighty(World world) : Visitor(world)
    {
        protected override (string Name, string Value)? Also => (TestSignIn.Header, $"{Account} *");
    }
}
