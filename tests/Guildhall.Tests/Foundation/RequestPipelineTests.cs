using System.Diagnostics;
using System.Text;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Tests.Foundation;

public sealed class RequestPipelineTests(RequestPipelineTests.Setup world) : IClassFixture<RequestPipelineTests.Setup>
{
    public enum Colour { DarkRed, Blue }

    public sealed record Body(string Name, int Count, Colour? Colour = null, Body? Inner = null);

    public sealed class Setup : NodesOnly
    {
        protected override int NodeCount => 1;

        protected override void MapRoutes(IEndpointRouteBuilder routes)
        {
            routes.MapPost("/api/test/echo", (Body body) => Results.Json(body, JsonRules.Options)).ForAnyone();
            routes.MapGet("/api/test/private", () => "secret").RequiresSignIn();
            routes.MapGet("/api/test/staff", () => "secret").Requires(new Permission("test.view", "View"));
            routes.MapGet("/api/test/bug", string () => throw new InvalidOperationException("the password is hunter2")).ForAnyone();
            routes.MapGet("/api/test/forgotten", () => "open to all");
            routes.MapGet("/api/test/page", (int number, Guid? id) => $"{number} {id}").ForAnyone();
            routes.MapGet("/private", () => "secret").RequiresSignIn();
        }
    }

    private readonly Visitor _visitor = world.Visitor();

    [Theory]
    [InlineData("GET", "/health/live", 200)]
    [InlineData("GET", "/api/nothing-here", 404)]
    [InlineData("GET", "/api/test/private", 401)]
    [InlineData("GET", "/api/test/staff", 401)]
    [InlineData("GET", "/api/test/bug", 500)]
    [InlineData("GET", "/api/test/echo", 405)]
    [InlineData("POST", "/api/test/echo", 400)]
    [InlineData("DELETE", "/health/live", 405)]
    [InlineData("GET", "/private", 302)]
    [Covers("asvs-3.4.3", "asvs-3.4.4", "asvs-3.4.5", "asvs-3.4.6")]
    public async Task Every_answer_carries_the_security_headers_and_a_request_id(string method, string path, int status)
    {
        var answer = (await _visitor.Send(new HttpMethod(method), path)).Must(status);
        answer.Headers["X-Request-Id"].ShouldStartWith("req_");
        answer.Headers["Content-Security-Policy"].ShouldContain("default-src 'none'");
        answer.Headers["Content-Security-Policy"].ShouldContain("frame-ancestors 'none'");
        answer.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        answer.Headers["Referrer-Policy"].ShouldBe("no-referrer");
        answer.Headers["Cache-Control"].ShouldContain("no-store");
        answer.Headers.ShouldNotContainKey("Server");
        answer.Headers.ShouldNotContainKey("X-Powered-By");
        if (status < 400) return;
        answer.Headers["Content-Type"].ShouldBe("application/problem+json; charset=utf-8");
        answer.At("status").GetInt32().ShouldBe(status);
        answer.Word("requestId").ShouldBe(answer.Headers["X-Request-Id"]);
        answer.Word("code").ShouldNotBeEmpty();
        answer.Word("detail").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_bug_says_nothing_but_its_request_id()
    {
        var answer = (await _visitor.Get("/api/test/bug")).MustRefuse(FoundationRefusals.Bug);
        answer.Text.ShouldNotContain("hunter2");
        answer.Text.ShouldNotContain("InvalidOperation");
        world.Errors.ShouldContain(e => e.Contains(answer.Word("requestId"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_method_that_an_address_does_not_take_is_told_which_it_does() =>
        (await _visitor.Get("/api/test/echo")).MustRefuse(FoundationRefusals.MethodNotAllowed).Headers["Allow"].ShouldBe("POST");

    [Fact]
    public async Task A_route_whose_rule_was_forgotten_is_shut() =>
        (await _visitor.Get("/api/test/forgotten")).MustRefuse(FoundationRefusals.NotFound).Text.ShouldNotContain("open to all");

    [Fact]
    public async Task Who_is_not_signed_in_is_sent_to_sign_in_from_a_page_and_told_so_by_the_api()
    {
        (await _visitor.Get("/private?a=1&b=2")).Must(302).Headers["Location"].ShouldBe("/sign-in?returnUrl=%2Fprivate%3Fa%3D1%26b%3D2");
        (await _visitor.Get("/api/test/private")).MustRefuse(FoundationRefusals.SignInFirst).Headers["WWW-Authenticate"].ShouldBe("Bearer");
    }

    [Theory]
    [InlineData("""{"name":"a","count":1}""")]
    [InlineData("""{"count":1,"name":"a","colour":"dark_red"}""")]
    [InlineData(""" {"name":"a","count":1,"inner":{"name":"b","count":2}} """)]
    public async Task A_body_of_the_right_shape_is_read(string json) => (await Echo(json)).Must().Word("name").ShouldBe("a");

    [Theory]
    [InlineData("""{"name":"a","count":1,"count":2}""", "a member twice")]
    [InlineData("""{"name":"a","count":1,"inner":{"name":"b","name":"c","count":1}}""", "a member twice below")]
    [InlineData("""{"name":"a","count":1,"extra":true}""", "a member that is not known")]
    [InlineData("""{"Name":"a","count":1}""", "a member in another case")]
    [InlineData("""{"name":"a","count":"1"}""", "a number as text")]
    [InlineData("""{"name":"a","count":1.5}""", "a fraction")]
    [InlineData("""{"name":"a","count":99999999999}""", "a number too large")]
    [InlineData("""{"name":null,"count":1}""", "null where a value belongs")]
    [InlineData("""{"count":1}""", "a member missing")]
    [InlineData("""{"name":"a","count":1,"colour":"green"}""", "a name that is not one of them")]
    [InlineData("""{"name":"a","count":1,"colour":1}""", "a number for a name")]
    [InlineData("""{"name":"a","count":1}{"name":"b","count":2}""", "two documents")]
    [InlineData("""{"name":"a","count":1} garbage""", "something after the end")]
    [InlineData("""{"name":"a","count":1,}""", "a comma too many")]
    [InlineData("""{"name":"a",/* why */"count":1}""", "a comment")]
    [InlineData("""{'name':'a','count':1}""", "single quotes")]
    [InlineData("""{"name":"a","count":NaN}""", "not a number")]
    [InlineData("""["a",1]""", "a list")]
    [InlineData("null", "null")]
    [InlineData("\"a\"", "text")]
    [InlineData("", "nothing")]
    [InlineData("{", "half of it")]
    [Covers("asvs-1.5.3", "asvs-2.2.1")]
    public async Task A_body_of_another_shape_is_refused_as_400(string json, string why) =>
        (await Echo(json)).MustRefuse(FoundationRefusals.InvalidBody).Text.ShouldNotContain("System.", customMessage: why);

    [Fact]
    [Covers("asvs-2.2.1")]
    public async Task The_refusal_names_the_field()
    {
        (await Echo("""{"name":"a","count":1,"inner":{"name":"b","count":"x"}}""")).MustRefuse(FoundationRefusals.InvalidBody).Word("field").ShouldBe("inner.count");
        (await Echo("""{"name":"a","count":1,"unheard":1}""")).MustRefuse(FoundationRefusals.InvalidBody).Word("field").ShouldBe("unheard");
    }

    [Theory]
    [InlineData("", "number")]
    [InlineData("?number=x", "number")]
    [InlineData("?number=1&id=x", "id")]
    public async Task A_question_of_another_shape_is_refused_by_the_name_of_its_part(string query, string field)
    {
        var answer = (await _visitor.Get("/api/test/page" + query)).MustRefuse(FoundationRefusals.InvalidBody);
        answer.Word("field").ShouldBe(field);
        answer.Text.ShouldNotContain("parameter");
    }

    [Fact]
    public async Task What_only_the_server_decides_is_refused_by_name() =>
        (await Echo("""{"name":"a","count":1,"price":1}""")).MustRefuse(FoundationRefusals.ServerDecides).Word("field").ShouldBe("price");

    [Fact]
    public async Task Hostile_bodies_are_refused_quickly()
    {
        var watch = Stopwatch.StartNew();
        (await Echo(string.Concat(Enumerable.Repeat("""{"name":"a","count":1,"inner":""", 5_000)))).MustRefuse(FoundationRefusals.InvalidBody);
        (await Echo(new string('[', 100_000))).MustRefuse(FoundationRefusals.InvalidBody);
        (await Send([0xEF, 0xBB, 0xBF, .. """{"name":"a","count":1}"""u8])).MustRefuse(FoundationRefusals.InvalidBody);
        (await Send([.. """{"name":"a"""u8, 0xC3, 0x28, .. "\",\"count\":1}"u8])).MustRefuse(FoundationRefusals.InvalidBody);
        (await Send([0xFF, 0xFE, 0x7B, 0x00])).MustRefuse(FoundationRefusals.InvalidBody);
        (await Echo("{\"name\":\"a\",\"count\":1" + string.Concat(Enumerable.Range(0, 8_000).Select(i => $",\"k{i}\":{i}")) + "}")).MustRefuse(FoundationRefusals.InvalidBody);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused() =>
        (await Echo($$"""{"name":"{{new string('a', 300 * 1024)}}","count":1}""")).MustRefuse(FoundationRefusals.BodyTooLarge);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_media_type_is_refused(string type) =>
        (await _visitor.Send(HttpMethod.Post, "/api/test/echo", new StringContent("""{"name":"a","count":1}""", Encoding.UTF8, type))).MustRefuse(FoundationRefusals.UnsupportedMediaType);

    [Fact]
    public async Task No_two_requests_have_the_same_id()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _visitor.Get("/health/live")));
        answers.Select(a => a.Headers["X-Request-Id"]).Distinct(StringComparer.Ordinal).Count().ShouldBe(100);
    }

    private Task<Answer> Echo(string json) => Send(Encoding.UTF8.GetBytes(json));

    private Task<Answer> Send(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("application/json");
        return _visitor.Send(HttpMethod.Post, "/api/test/echo", content);
    }
}
