using System.Collections.Concurrent;
using System.Net.Http.Json;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Tests.Foundation;

public sealed class IdempotencyTests(IdempotencyTests.Setup world) : IClassFixture<IdempotencyTests.Setup>
{
    public sealed record Body(string Name, long Minor, string Then = "answer");

    public sealed class Setup : NodesOnly
    {
        internal ConcurrentBag<(string Name, Guid Operation)> Effects { get; } = [];
        internal ConcurrentDictionary<string, TaskCompletionSource> Held { get; } = new(StringComparer.Ordinal);

        protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Services.AddSingleton<IStartupFilter, TestCallers>();

        protected override void MapRoutes(IEndpointRouteBuilder routes)
        {
            foreach (var path in new[] { "/test/pay", "/test/pay-otherwise" })
                routes.MapPost(path, async (Body body, Caller caller) =>
                {
                    Effects.Add((body.Name, caller.OperationId!.Value));
                    if (body.Then is "wait") await Held.GetOrAdd(body.Name, _ => new TaskCompletionSource()).Task;
                    return body.Then switch
                    {
                        "refuse" => FoundationRefusals.SettingInvalid.ToHttp(),
                        "throw" => throw new InvalidOperationException("planted"),
                        "unavailable" => FoundationRefusals.TryAgain.ToHttp(),
                        _ => Results.Json(new { id = Guid.NewGuid(), body.Minor }, statusCode: 201),
                    };
                }).ForAnyone().Idempotent();
        }

        internal int Times(string name) => Effects.Count(e => string.Equals(e.Name, name, StringComparison.Ordinal));
    }

    private readonly string _name = Guid.NewGuid().ToString("n");
    private readonly string _key = Guid.NewGuid().ToString();

    [Fact]
    [Covers("M-3", "money-1")]
    public async Task Fifty_at_once_on_two_nodes_have_one_effect_and_fifty_equal_answers()
    {
        var visitor = world.Visitor();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => visitor.Post("/test/pay", new Body(_name, 12500), _key)));
        world.Times(_name).ShouldBe(1);
        answers.ShouldAllBe(a => a.Status == 201);
        answers.Select(a => a.Text).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        answers.Count(a => a.Headers.ContainsKey("Idempotency-Replayed")).ShouldBe(49);
    }

    [Fact]
    [Covers("M-3")]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var visitor = world.Visitor();
        (await visitor.Post("/test/pay", new Body(_name, 1), _key)).Must(201);
        (await visitor.Post("/test/pay", new Body(_name, 2), _key)).MustRefuse(FoundationRefusals.IdempotencyKeyReused);
        world.Times(_name).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{ "minor" : 10, "name":"NAME" }""")]
    [InlineData("""{"name":"NAME","minor":10.000}""")]
    [InlineData("{\n\t\"name\":\"NAME\",\n\t\"minor\":10}")]
    [Covers("money-3")]
    public async Task A_body_that_means_the_same_is_the_same(string otherwise)
    {
        var visitor = world.Visitor();
        var first = (await Raw(visitor, """{"name":"NAME","minor":10}""")).Must(201);
        (await Raw(visitor, otherwise)).Must(201).Text.ShouldBe(first.Text);
        world.Times(_name).ShouldBe(1);
    }

    [Fact]
    [Covers("money-11")]
    public async Task Without_a_key_nothing_is_done()
    {
        var visitor = world.Visitor();
        (await visitor.Send(HttpMethod.Post, "/test/pay", JsonContent.Create(new Body(_name, 1)))).MustRefuse(FoundationRefusals.IdempotencyKeyMissing);
        foreach (var bad in new[] { "", " ", new string('k', 201), "with space", "tab\tbed" })
            (await visitor.Send(HttpMethod.Post, "/test/pay", JsonContent.Create(new Body(_name, 1)), ("Idempotency-Key", bad))).MustRefuse(FoundationRefusals.IdempotencyKeyMissing);
        world.Times(_name).ShouldBe(0);
    }

    [Fact]
    [Covers("money-4")]
    public async Task Two_people_and_two_routes_do_not_share_a_key()
    {
        var visitor = world.Visitor();
        var answers = new List<Answer>();
        foreach (var (person, path) in new[] { (Guid.NewGuid(), "/test/pay"), (Guid.NewGuid(), "/test/pay"), (Guid.Empty, "/test/pay"), (Guid.Empty, "/test/pay-otherwise") })
            answers.Add((await As(visitor, person, path, new Body(_name, 1))).Must(201));
        answers.Select(a => a.Text).Distinct(StringComparer.Ordinal).Count().ShouldBe(4);
        world.Times(_name).ShouldBe(4);
    }

    [Fact]
    [Covers("money-7")]
    public async Task An_expected_refusal_is_pinned()
    {
        var visitor = world.Visitor();
        var first = (await visitor.Post("/test/pay", new Body(_name, 1, "refuse"), _key)).MustRefuse(FoundationRefusals.SettingInvalid);
        var second = (await visitor.Post("/test/pay", new Body(_name, 1, "refuse"), _key)).MustRefuse(FoundationRefusals.SettingInvalid);
        second.Text.ShouldBe(first.Text);
        second.Headers["Idempotency-Replayed"].ShouldBe("true");
        world.Times(_name).ShouldBe(1);
    }

    [Theory]
    [InlineData("throw", 500)]
    [InlineData("unavailable", 503)]
    [Covers("M-3")]
    public async Task A_failure_of_ours_is_not_pinned_and_the_retry_carries_the_same_operation(string then, int status)
    {
        var visitor = world.Visitor();
        (await visitor.Post("/test/pay", new Body(_name, 1, then), _key)).Must(status);
        (await visitor.Post("/test/pay", new Body(_name, 1, then), _key)).Must(status).Headers.ShouldNotContainKey("Idempotency-Replayed");
        world.Effects.Where(e => e.Name == _name).Select(e => e.Operation).Distinct().Count().ShouldBe(1);
        world.Times(_name).ShouldBe(2);
    }

    [Fact]
    [Covers("money-9")]
    public async Task While_the_first_runs_the_second_waits_a_bounded_time_and_is_told_to_come_back()
    {
        var visitor = world.Visitor();
        var first = visitor.Post("/test/pay", new Body(_name, 1, "wait"), _key);
        await world.EventuallyOr("the first did not start", () => Task.FromResult(world.Times(_name) == 1));
        var second = (await visitor.Post("/test/pay", new Body(_name, 1, "wait"), _key)).MustRefuse(FoundationRefusals.IdempotencyInProgress);
        second.Headers.ShouldContainKey("Retry-After");
        world.Held[_name].SetResult();
        (await first).Must(201);
        (await visitor.Post("/test/pay", new Body(_name, 1, "wait"), _key)).Must(201).Text.ShouldBe((await first).Text);
        world.Times(_name).ShouldBe(1);
    }

    [Fact]
    [Covers("money-5")]
    public async Task After_a_crash_the_retry_runs_again_as_the_same_operation()
    {
        var visitor = world.Visitor();
        var first = visitor.Post("/test/pay", new Body(_name, 1, "wait"), _key);
        await world.EventuallyOr("the first did not start", () => Task.FromResult(world.Times(_name) == 1));
        await world.Database.Execute("update foundation.idempotency set lease_until = now() - interval '1 second' where key = $1", _key);
        world.Held[_name].SetResult();
        (await visitor.Post("/test/pay", new Body(_name, 1, "wait"), _key)).Must(201);
        world.Effects.Where(e => e.Name == _name).Select(e => e.Operation).Distinct().Count().ShouldBe(1);
        await first;
    }

    [Fact]
    public async Task The_stored_answer_is_sealed_and_kept_for_thirty_days()
    {
        var visitor = world.Visitor();
        var answer = (await visitor.Post("/test/pay", new Body(_name, 4711), _key)).Must(201);
        var row = (await world.Database.Rows("select response, expires_at - now() from foundation.idempotency where key = $1", _key)).Single();
        System.Text.Encoding.UTF8.GetString((byte[])row[0]!).ShouldNotContain(answer.Word("id"));
        ((TimeSpan)row[1]!).ShouldBeInRange(TimeSpan.FromDays(29.9), TimeSpan.FromDays(30));
    }

    private Task<Answer> Raw(Visitor visitor, string json) => visitor.Send(HttpMethod.Post, "/test/pay",
        new StringContent(json.Replace("NAME", _name, StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json"), ("Idempotency-Key", _key));

    [Fact]
    [Covers("M-3", "money-3")]
    public async Task The_same_route_spelt_otherwise_is_the_same_operation()
    {
        foreach (var path in new[] { "/test/pay", "/TEST/Pay", "/test/pay/" })
            (await world.Visitor().Send(HttpMethod.Post, path, JsonContent.Create(new Body(_name, 1)), ("Idempotency-Key", _key))).Must(201);
        world.Times(_name).ShouldBe(1);
    }

    private Task<Answer> As(Visitor visitor, Guid person, string path, Body body) => visitor.Send(HttpMethod.Post, path, JsonContent.Create(body),
        ("Idempotency-Key", _key), (TestCallers.Header, person == Guid.Empty ? "" : person.ToString()));
}
