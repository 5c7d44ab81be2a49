using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Identity.Sessions;

public sealed class SessionCookieTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private static readonly MasterKey Key = new(new byte[32]);

    [Fact]
    [Covers("asvs-3.3.1", "asvs-3.3.2", "asvs-3.3.4")]
    public void Over_https_the_cookie_is_bound_to_this_host()
    {
        var cookie = Written(new IdentityOptions(new Uri("https://guildhall.test"), PlainHttpAllowed: false, Key));
        cookie.ShouldStartWith("__Host-guildhall=");
        cookie.ShouldContain("; secure");
        cookie.ShouldContain("; httponly");
        cookie.ShouldContain("; samesite=lax");
        cookie.ShouldContain("; path=/");
        cookie.ShouldNotContain("domain");
    }

    [Fact]
    public void In_the_sandbox_on_this_machine_it_is_plain() =>
        Written(new IdentityOptions(new Uri("http://localhost:5080"), PlainHttpAllowed: true, Key)).ShouldStartWith("guildhall=");

    [Theory]
    [Covers("identity-59")]
    [InlineData("http://guildhall.test", true)]
    [InlineData("http://localhost:5080", false)]
    public void Anything_else_does_not_start(string product, bool sandbox) =>
        Should.Throw<InvalidOperationException>(() => new SessionCookie(new IdentityOptions(new Uri(product), sandbox, Key)));

    [Fact]
    [Covers("I-4", "asvs-7.2.1")]
    public async Task Asvs_7_2_1_the_cookie_signs_in_on_every_node_by_the_row_and_is_stored_hashed()
    {
        var (visitor, cookie, _) = await Browser();
        for (var node = 0; node < 2; node++) { visitor.OnlyNode = node; (await Reads(visitor, cookie)).Must(); }
        (await world.Database.Count("identity.sessions s where s::text like '%' || $1 || '%'", cookie)).ShouldBe(0);
    }

    [Fact]
    [Covers("asvs-7.2.2", "asvs-7.2.3")]
    public async Task Asvs_7_2_3_every_session_has_a_secret_of_its_own_of_256_random_bits()
    {
        var (_, first, person) = await Browser();
        var (_, second, _) = await Browser();
        first.ShouldNotBe(second);
        Enumerable.Range(0, 1000).Select(_ => Guildhall.Identity.Tokens.Secret.New()).Distinct().Count().ShouldBe(1000);
        System.Buffers.Text.Base64Url.DecodeFromChars(first.Split('=')[1]).Length.ShouldBe(32);
        System.Buffers.Text.Base64Url.DecodeFromChars((await person.SignsIn()).RefreshToken).Length.ShouldBe(32);
    }

    [Fact]
    [Covers("asvs-7.2.4")]
    public async Task Asvs_7_2_4_a_step_up_gives_a_new_token_and_the_old_ones_are_dead()
    {
        var person = await world.Person();
        var (access, refresh) = (person.Token, person.RefreshToken);
        var challenge = (await person.Post("auth/step-ups")).Must(201);
        var proven = (await person.Post($"auth/challenges/{challenge.Word("id")}/password", new { challengeToken = challenge.Word("token"), password = Person.Password })).Must();
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); }
        (await world.Visitor().Post("auth/refresh", new { refreshToken = refresh })).MustRefuse(IdentityRefusals.SessionExpired);
        person.Token = proven.Word("accessToken");
        person.Token.ShouldNotBe(access);
        (await person.Get("me")).Must();
    }

    [Theory]
    [Covers("asvs-14.3.2")]
    [InlineData("me")]
    [InlineData("sessions")]
    [InlineData("sessions/stats")]
    [InlineData("sessions/current")]
    [InlineData("/account")]
    [InlineData("/sign-in")]
    public async Task Asvs_14_3_2_what_is_personal_is_never_stored_by_a_cache(string path)
    {
        var (visitor, cookie, _) = await Browser();
        (await visitor.Send(HttpMethod.Get, path, null, ("Cookie", cookie), ("Accept", "text/html"))).Must().Headers["Cache-Control"].ShouldContain("no-store");
    }

    [Theory]
    [Covers("identity-37", "asvs-3.5.1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.test")]
    [InlineData("Origin", "null")]
    [InlineData("X-Nothing", "said")]
    public async Task An_unsafe_request_from_elsewhere_with_our_cookie_is_refused(string header, string value)
    {
        var (visitor, cookie, _) = await Browser();
        (await visitor.Send(HttpMethod.Post, "sessions/actions/end-all", null, ("Cookie", cookie), (header, value))).MustRefuse(IdentityRefusals.CrossSite);
        (await Reads(visitor, cookie)).Must();
    }

    [Theory]
    [Covers("identity-37", "asvs-3.5.1", "asvs-3.5.2")]
    [InlineData("/API/v1/sessions/actions/end-all")]
    [InlineData("/Api/V1/Sessions/actions/end-all")]
    [InlineData("/%41pi/v1/sessions/actions/end-all")]
    public async Task However_the_path_is_written_it_is_the_api(string path)
    {
        var (visitor, cookie, _) = await Browser();
        (await visitor.Send(HttpMethod.Post, path, null, ("Cookie", cookie))).MustRefuse(IdentityRefusals.CrossSite);
        (await visitor.Send(HttpMethod.Post, path, new StringContent("{}", System.Text.Encoding.UTF8, "text/plain"), ("Cookie", cookie), ("Sec-Fetch-Site", "same-origin"))).MustRefuse(FoundationRefusals.UnsupportedMediaType);
        (await visitor.Send(HttpMethod.Get, "/API/v1/me", null, ("Cookie", "guildhall=" + new string('A', 43)))).Must(401);
        (await Reads(visitor, cookie)).Must();
    }

    [Fact]
    [Covers("identity-37")]
    public async Task An_unsafe_request_from_our_own_pages_is_served()
    {
        var (visitor, cookie, _) = await Browser();
        var origin = world.Get<IdentityOptions>().Issuer;
        (await visitor.Send(HttpMethod.Post, "sessions/actions/end-others", null, ("Cookie", cookie), ("Sec-Fetch-Site", "same-origin"))).Must();
        (await visitor.Send(HttpMethod.Post, "sessions/actions/end-others", null, ("Cookie", cookie), ("Origin", origin))).Must();
    }

    [Fact]
    [Covers("I-1", "I-4", "asvs-7.4.1", "asvs-14.3.1")]
    public async Task Asvs_14_3_1_signing_out_empties_the_browser_and_the_cookie_is_dead_everywhere()
    {
        var (visitor, cookie, _) = await Browser();
        for (var node = 0; node < 2; node++) { visitor.OnlyNode = node; (await Reads(visitor, cookie)).Must(); }
        var answer = (await visitor.Send(HttpMethod.Post, "auth/sign-out", null, ("Cookie", cookie), ("Sec-Fetch-Site", "same-origin"))).Must(204);
        answer.Headers["Clear-Site-Data"].ShouldContain("cookies");
        answer.Headers["Set-Cookie"].ShouldContain("expires=Thu, 01 Jan 1970");
        for (var node = 0; node < 2; node++) { visitor.OnlyNode = node; (await Reads(visitor, cookie)).MustRefuse(IdentityRefusals.SessionExpired); }
    }

    [Fact]
    [Covers("I-5", "identity-9")]
    public async Task Ending_all_sessions_elsewhere_ends_the_browsers_too()
    {
        var (visitor, cookie, person) = await Browser();
        for (var node = 0; node < 2; node++) { visitor.OnlyNode = node; (await Reads(visitor, cookie)).Must(); }
        await person.SignsIn();
        (await person.Post("sessions/actions/end-all")).Must(204);
        for (var node = 0; node < 2; node++) { visitor.OnlyNode = node; (await Reads(visitor, cookie)).MustRefuse(IdentityRefusals.SessionExpired); }
    }

    [Fact]
    public async Task A_token_beats_the_cookie_and_a_bad_token_is_refused_beside_a_good_cookie()
    {
        var (visitor, cookie, _) = await Browser();
        var other = await world.Person();
        visitor.Token = other.Token;
        (await Reads(visitor, cookie)).Must().Word("id").ShouldBe(new AccountId(other.Id).ToString());
        visitor.Token = other.Token![..^4] + "AAAA";
        (await Reads(visitor, cookie)).MustRefuse(IdentityRefusals.InvalidToken);
    }

    [Theory]
    [InlineData("guildhall=short")]
    [InlineData("guildhall=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_cookie_we_never_gave_is_nobody(string cookie)
    {
        (await world.Visitor().Send(HttpMethod.Get, "me", null, ("Cookie", cookie))).MustRefuse(IdentityRefusals.SessionExpired);
        (await world.Visitor().Send(HttpMethod.Get, "/health/live", null, ("Cookie", cookie))).Must();
    }

    [Fact]
    public async Task A_cookie_session_gives_no_bearer_and_a_bearer_session_no_cookie()
    {
        var person = await world.Person();
        (await world.Visitor().Send(HttpMethod.Get, "me", null, ("Cookie", "guildhall=" + person.RefreshToken))).MustRefuse(IdentityRefusals.SessionExpired);
        var (visitor, cookie, _) = await Browser();
        visitor.Token = cookie["guildhall=".Length..];
        (await visitor.Get("me")).MustRefuse(IdentityRefusals.InvalidToken);
        (await visitor.Post("auth/refresh", new { refreshToken = visitor.Token })).MustRefuse(IdentityRefusals.InvalidToken);
    }

    private static Task<Answer> Reads(Visitor visitor, string cookie) => visitor.Send(HttpMethod.Get, "me", null, ("Cookie", cookie));

    private async Task<(Visitor Visitor, string Cookie, Person Person)> Browser()
    {
        var person = await world.NotYetSignedIn();
        var signedIn = (await SignIn.Run(world.Get<IdentityParts>(), Caller.Nobody, new SignIn.Body(person.Email, Person.Password), SessionKind.Cookie, default)).OrThrow();
        signedIn.Tokens.ShouldBeNull();
        return (world.Visitor(), $"guildhall={signedIn.CookieToken}", person);
    }

    private static string Written(IdentityOptions options)
    {
        var http = new DefaultHttpContext();
        new SessionCookie(options).Write(http, new SignedIn(default, new OpenedSession(default, default, default), "token", null));
        return http.Response.Headers.SetCookie.ToString();
    }
}
