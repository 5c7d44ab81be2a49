using System.Text;
using System.Text.Json;
using Guildhall.Operations.Errors;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Operations.Errors;

/// <summary>A node that reports errors, with a route that has a bug.</summary>
public sealed class ReportingWorld : NodesOnly
{
    public Receiver Sentry { get; } = new();

    protected override int NodeCount => 1;

    internal override HostSettings Configure(HostSettings settings, int node) => settings with { Sentry = SentryDsn.Parse($"http://publickey@127.0.0.1:{Sentry.Address.Port}/42") };

    protected override void MapRoutes(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/test/bug", string (string who) => throw new InvalidOperationException($"No account 'x' of {who}, token {new string('a', 40)}.", new FormatException("within"))).ForAnyone();
        routes.MapGet("/api/test/other", string () => throw new NotSupportedException("other")).ForAnyone();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sentry.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

[Covers("O-7")]
public sealed class ErrorReportsTests(ReportingWorld world) : IClassFixture<ReportingWorld>
{
    [Fact]
    public async Task A_bug_is_reported_once_with_its_place_and_request_and_with_nothing_that_somebody_sent()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.Visitor().Get("/api/test/bug?who=layla@example.test")));
        answers.ShouldAllBe(a => a.Status == 500);
        await Eventually.True(() => Task.FromResult(Bugs().Any()), "Nothing was reported");
        var post = Bugs().First();
        post.Path.ShouldBe("/api/42/envelope/");
        post.Headers["X-Sentry-Auth"].ShouldContain("sentry_key=publickey");
        post.Headers["Content-Type"].ShouldBe("application/x-sentry-envelope");
        var lines = Encoding.UTF8.GetString(post.Body).Split('\n');
        JsonSerializer.Deserialize<JsonElement>(lines[1]).GetProperty("length").GetInt32().ShouldBe(Encoding.UTF8.GetByteCount(lines[2]));
        var said = JsonSerializer.Deserialize<JsonElement>(lines[2]);
        answers.ShouldContain(a => a.Headers["X-Request-Id"] == said.GetProperty("tags").GetProperty("RequestId").GetString());
        var causes = said.GetProperty("exception").GetProperty("values").EnumerateArray().ToArray();
        causes.Select(c => c.GetProperty("type").GetString()).ShouldBe(["System.FormatException", "System.InvalidOperationException"]);
        causes[1].GetProperty("stacktrace").GetProperty("frames").EnumerateArray().Last().GetProperty("module").GetString()!.ShouldContain("ReportingWorld");
        causes[1].GetProperty("value").GetString().ShouldBe("No account […] of [address] token [long].");
        lines[2].ShouldNotContain("layla");
        (await world.Visitor().Get("/api/test/other")).Status.ShouldBe(500);
        await Eventually.True(() => Task.FromResult(world.Sentry.Posts.Any(p => Encoding.UTF8.GetString(p.Body).Contains("NotSupported", StringComparison.Ordinal))), "The other bug was not reported");
        Bugs().Count().ShouldBe(1); // of one kind and place, one within a minute
    }

    [Theory]
    [InlineData("duplicate key (email)=(a@b.test) exists", "duplicate key […] exists")]
    [InlineData("call +965 2222 3333 back", "call [number] back")]
    [InlineData("invalid input syntax for type uuid: \"secret\"", "invalid input syntax for type uuid: […]")]
    [InlineData("Expected to change one row, changed 0", "Expected to change one row, changed 0")]
    public void A_message_loses_what_could_be_somebodys(string said, string reported) => ErrorEvent.Redacted(said).ShouldBe(reported);

    [Theory]
    [InlineData("https://k@o1.ingest.example.com/7", "https://o1.ingest.example.com/api/7/envelope/")]
    [InlineData("https://k@errors.example.com/sub/7", "https://errors.example.com/sub/api/7/envelope/")]
    [InlineData("http://k@127.0.0.1:9000/7", "http://127.0.0.1:9000/api/7/envelope/")]
    [InlineData("http://k@errors.example.com/7", null)]
    [InlineData("https://errors.example.com/7", null)]
    [InlineData("https://k:secret@errors.example.com/7", null)]
    [InlineData("https://k@errors.example.com/", null)]
    [InlineData("nonsense", null)]
    public void Only_an_address_of_that_shape_is_one(string dsn, string? address) => (SentryDsn.Parse(dsn)?.Address.AbsoluteUri).ShouldBe(address);

    private IEnumerable<Receiver.Post> Bugs() => world.Sentry.Posts.Where(p => Encoding.UTF8.GetString(p.Body).Contains("FormatException", StringComparison.Ordinal));
}

/// <summary>What is reported to hangs.</summary>
[Covers("O-7")]
public sealed class SilentReportsTests(ReportingWorld world) : IClassFixture<ReportingWorld>
{
    [Fact]
    public async Task Nobody_waits_for_a_place_that_does_not_answer()
    {
        world.Sentry.Hangs = new TaskCompletionSource();
        var began = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 20; i++) (await world.Visitor().Get("/api/test/bug?who=x")).Status.ShouldBe(500);
        began.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(40)); // who waited five seconds each would need a hundred
    }
}
