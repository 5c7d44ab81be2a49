using System.Text;
using System.Text.Json;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Guildhall.Tests.Web.Http;

/// <summary>What stands in the log after people have lived with the product, and what never does.</summary>
public sealed class LogTests(LogTests.Setup world) : IClassFixture<LogTests.Setup>
{
    public sealed class Setup : World
    {
        internal LogBook Log { get; } = new();

        protected override int NodeCount => 1;
        protected override void Adjust(WebApplicationBuilder builder, int node) => Log.Listen(builder);

        protected override void MapRoutes(IEndpointRouteBuilder routes)
        {
            routes.MapGet("/api/test/bug", string () => throw new InvalidOperationException("it broke")).ForAnyone();
            routes.MapGet("/api/test/said", (string text, ILogger<LogTests> log) => log.LogInformation("said {Text}", text)).ForAnyone();
        }
    }

    [Fact]
    [Covers("asvs-16.2.5", "asvs-14.2.1", "identity-33", "O-4", "asvs-16.2.1", "asvs-16.2.2")]
    public async Task Asvs_16_2_5_No_password_code_token_or_key_stands_in_any_line_or_in_the_trail()
    {
        var visitor = world.Visitor();
        const string wrong = "wrong horse battery staple 77";
        var email = $"log{Guid.NewGuid():n}@example.test";
        (await visitor.Post("auth/register", new { email, password = Person.Password, displayName = "Log Reader" })).Must(202);
        var (token, code) = await world.Confirmation(email);
        (await visitor.Post("auth/verify-email", new { token })).Must(200, 204);
        (await visitor.Post("auth/sign-in", new { email, password = wrong })).Must(401);
        var pair = (await visitor.Post("auth/sign-in", new { email, password = Person.Password })).Must();
        var (access, refresh, device) = (pair.Word("accessToken"), pair.Word("refreshToken"), pair.Text.Contains("deviceToken", StringComparison.Ordinal) ? pair.Word("deviceToken") : null);
        visitor.Token = access;
        (await visitor.Get("me")).Must();
        var next = (await visitor.Post("auth/refresh", new { refreshToken = refresh })).Must();
        visitor.Token = access[..^3] + "AAA";
        await visitor.Get("me");
        visitor.Token = null;
        await visitor.Get($"pay/{new string('s', 43)}");
        await visitor.Get("../../api/test/bug");
        await visitor.Send(HttpMethod.Post, "auth/sign-in", new StringContent("{\"email\":\"" + email + "\",\"password\":\"" + wrong, Encoding.UTF8, "application/json"));
        await world.JobsAreDone();

        var trail = string.Join('\n', await world.Database.Column<string>("select to_jsonb(a)::text from foundation.audit a"));
        var log = string.Join('\n', world.Log.Lines);
        foreach (var secret in new[] { Person.Password, wrong, token, access, refresh, device, next.Word("refreshToken"),
            next.Word("accessToken"), new string('s', 43), Convert.ToBase64String(World.MasterKey), World.StripeKey, World.WebhookSecret })
        {
            if (secret is null) continue;
            log.ShouldNotContain(secret);
            trail.ShouldNotContain(secret);
        }
        log.ShouldNotContain($"\"{code}\"");
        trail.ShouldNotContain($"\"{code}\"");
        log.ShouldNotContain(email);
        trail.ShouldNotContain(email, customMessage: "what is personal is sealed");
        world.Log.With("api/v1/..").ShouldBeEmpty("an address as it was asked for is not written");
    }

    [Fact]
    [Covers("asvs-16.3.1", "asvs-16.3.2", "asvs-16.3.3", "asvs-16.3.4")]
    public async Task Asvs_16_3_1_Who_was_not_let_in_or_not_allowed_or_tried_another_way_is_in_the_log_by_category()
    {
        var customer = await world.Person("customer");
        (await world.Visitor().Post("auth/sign-in", new { email = customer.Email, password = "not this one at all" })).Must(401);
        (await customer.Get("admin/accounts")).Must(403);
        (await customer.Post("bookings", new { serviceId = "srv_00000000000000000000000000", start = "x", price = 1 })).Must(422);
        (await customer.Get("services?q=1&q=2")).Must(400);
        (await world.Visitor().Get("/api/test/bug")).Must(500);

        Event("authentication", "sign_in_failed").GetProperty("Route").GetString().ShouldBe("/api/v1/auth/sign-in");
        var denied = Event("authorization", "not_allowed");
        denied.GetProperty("Account").GetString().ShouldBe(customer.Id.ToString());
        denied.GetProperty("Address").GetString().ShouldNotBeNullOrEmpty();
        denied.GetProperty("RequestId").GetString().ShouldStartWith("req_");
        Event("bypass", "server_decides");
        Event("bypass", "given_twice");
        Event("failure", "internal_error");
        (await world.Database.Count("foundation.audit where action = 'authorization.refused' and actor_id = $1 and subject_id = 'account.view'", customer.Id)).ShouldBe(1);
        (await world.Database.Count("foundation.audit where action = 'session.refused' and subject_id = $1", new Guildhall.Identity.AccountId(customer.Id).ToString())).ShouldBe(1);
    }

    [Fact]
    [Covers("asvs-16.3.2")]
    public async Task Asvs_16_3_2_A_thousand_tries_are_one_entry_in_the_trail_and_the_next_one_ten_minutes_later_another()
    {
        var customer = await world.Person("customer");
        for (var i = 0; i < 20; i++) (await customer.Get("admin/jobs")).Must(403);
        (await Entries()).ShouldBe(1);
        (await customer.Get("admin/settings")).Must(403);
        await world.Clock.Passes(11.Minutes());
        await customer.SignsIn();
        (await customer.Get("admin/jobs")).Must(403);
        (await Entries()).ShouldBe(2);

        Task<long> Entries() => world.Database.Count("foundation.audit where action = 'authorization.refused' and actor_id = $1 and subject_id = 'job.replay'", customer.Id);
    }

    [Fact]
    [Covers("asvs-16.4.1", "O-4")]
    public async Task Asvs_16_4_1_What_a_client_writes_cannot_begin_a_line_or_colour_it()
    {
        var text = "quiet\r\n{\"EventId\":0,\"Message\":\"forged\"}\u001b[31m\u2028\0";
        (await world.Visitor().Get("/api/test/said?text=" + Uri.EscapeDataString(text))).Must();
        var line = world.Log.With("said ").ShouldHaveSingleItem();
        line.TrimEnd('\n').ShouldNotContain("\n");
        line.ShouldNotContain("\r");
        line.ShouldNotContain("\u001b");
        line.ShouldNotContain("\u2028");
        JsonDocument.Parse(line).RootElement.GetProperty("State").GetProperty("Text").GetString().ShouldBe(text);
        world.Log.Lines.ShouldAllBe(l => l.StartsWith("{\"Timestamp\":\"2", StringComparison.Ordinal) && l.Contains("Z\"", StringComparison.Ordinal));
    }

    [Fact]
    [Covers("asvs-14.2.1")]
    public void Asvs_14_2_1_No_address_of_a_route_has_a_place_for_a_token_but_the_pay_link_which_is_one()
    {
        var named = RouteCall.Of(world.Node(0)).Where(r => r.Parts.Select(p => p.Name).Concat(r.Query.Select(q => q.Name))
            .Any(n => new[] { "token", "code", "password", "secret", "key", "session_id" }.Any(s => n.Contains(s, StringComparison.OrdinalIgnoreCase)))).Select(r => r.Pattern).Distinct(StringComparer.Ordinal);
        // {key} names a setting. A link to pay is sent by mail to somebody without an account; it opens one bill, runs out, and its page keeps no referrer.
        // A link that stops mails has to stand in their header (RFC 8058): all it can do is switch one kind of mail off, for 90 days.
        // A program for calendars knows nothing but an address: it opens the times of one feed, its secret stands here only as a hash, and its owner takes it back.
        // What leads over to a gateway's page opens that one page for a quarter of an hour, as the address of any hosted page does.
        // A preview shows one version of one text on an origin of its own, for hours that its editor chose, and is withdrawn with a press.
        named.ShouldBe(["/api/v1/admin/settings/{key}", "/api/v1/admin/settings/{key}/history", "/console/settings/{key}", "/console/settings/{key}/change",
            "/api/v1/pay/{token}", "/api/v1/pay/{token}/payments", "/pay/{token}", "/pay/{token}/file", "/handover/paytm", "/unsubscribe/{token}", "/api/v1/calendars/{token}", "/preview/{token}"], ignoreOrder: true);
    }

    private JsonElement Event(string category, string code) =>
        world.Log.With("security_event").Select(l => JsonDocument.Parse(l).RootElement.GetProperty("State")).Last(s => s.GetProperty("Category").GetString() == category && s.GetProperty("Code").GetString() == code);
}
