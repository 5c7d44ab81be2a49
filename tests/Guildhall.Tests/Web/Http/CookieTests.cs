using System.Text.RegularExpressions;
using Guildhall.Marketplace.Seed;
using Guildhall.Tests.Architecture;
using Guildhall.Tests.Web.Pages;

namespace Guildhall.Tests.Web.Http;

/// <summary>Every cookie that the product gives a browser in production.</summary>
public sealed partial class CookieTests(CookieTests.Setup world) : IClassFixture<CookieTests.Setup>
{
    public sealed class Setup : ProductionWorld, IAsyncLifetime
    {
        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await SeedMarketplace.Ensure(Data());
        }
    }

    // Where cookies may be written: the session's own place and that of the pages.
    private static readonly string[] Writers = ["src/Guildhall.Identity/Sessions/SessionCookie.cs", "src/Guildhall.Web/Components/PageCookies.cs", "src/Guildhall.Foundation/Http/Idempotency.cs", "src/Guildhall.Sandbox/"];

    [Fact]
    [Covers("asvs-3.3.1", "asvs-3.3.2", "asvs-3.3.3", "asvs-3.3.4", "I-14")]
    public async Task Asvs_3_3_1_Each_is_secure_bound_to_this_host_and_out_of_reach_of_scripts()
    {
        var (guest, answers) = (new Guest(world), new List<Answer>());
        answers.Add(await guest.Opens("/?lang=ar&theme=dark"));
        answers.Add(await guest.Opens("/sign-in"));
        answers.Add(await guest.Sends("/sign-in", "/sign-in", ("email", "layla@example.test"), ("password", "wrong")));
        answers.Add(await guest.Opens("/sign-in"));
        answers.Add(await guest.Sends("/sign-up", "/sign-up", ("displayName", "New Person"), ("email", "cookie@example.test"), ("password", Person.Password), ("zone", "Asia/Kuwait")));
        answers.Add(await guest.Sends("/sign-in", "/sign-in", ("email", "layla@example.test"), ("password", SeedMarketplace.Password)));
        answers.Add(await guest.Sends("/account", "/account", ("displayName", "Layla"), ("language", "en"), ("zone", "Asia/Kuwait"), ("theme", "dark")));
        answers.Add(await guest.Opens("/account"));
        answers.Add(await guest.Sends("/account", "/sign-out"));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cookie in answers.Where(a => a.Headers.ContainsKey("Set-Cookie")).SelectMany(a => Cookie().Split(a.Headers["Set-Cookie"])))
        {
            names.Add(cookie[..cookie.IndexOf('=', StringComparison.Ordinal)]);
            cookie.ShouldStartWith("__Host-");
            var lower = cookie.ToLowerInvariant();
            foreach (var mark in new[] { "; secure", "; httponly", "; path=/" }) lower.ShouldContain(mark);
            (lower.Contains("; samesite=lax", StringComparison.Ordinal) || lower.Contains("; samesite=strict", StringComparison.Ordinal)).ShouldBeTrue(cookie);
            lower.ShouldNotContain("domain=");
        }
        names.ShouldBe(["__Host-form", "__Host-lang", "__Host-theme", "__Host-kept", "__Host-joining", "__Host-guildhall", "__Host-guildhall-device", "__Host-said"], ignoreOrder: true);
        var session = answers.Where(a => a.Headers.ContainsKey("Set-Cookie")).SelectMany(a => Cookie().Split(a.Headers["Set-Cookie"])).First(c => c.StartsWith("__Host-guildhall=", StringComparison.Ordinal));
        var secret = session.Split('=', ';')[1];
        answers.ShouldAllBe(a => !a.Text.Contains(secret, StringComparison.Ordinal), "a session's cookie is never echoed");
    }

    [Fact]
    [Covers("asvs-3.3.1", "asvs-3.3.3")]
    public void Asvs_3_3_1_No_other_place_writes_or_reads_one() => Guard.Holds(Tree.Files("src", ".cs", ".razor").SelectMany(Elsewhere));

    [Fact]
    public void A_cookie_that_is_written_elsewhere_is_reported() =>
        Guard.Reports(Elsewhere(new SourceFile("src/Guildhall.Web/Pages/Planted.cs", "http.Response.Cookies.Append(\"seen\", \"1\");")), "writes or reads a cookie");

    [Fact]
    [Covers("asvs-3.3.1")]
    public void Asvs_3_3_1_The_script_binds_the_one_it_sets() =>
        Tree.Read("src/Guildhall.Web/wwwroot/guildhall.js").Split('\n').Where(l => l.Contains("document.cookie", StringComparison.Ordinal))
            .ShouldAllBe(l => l.Contains("__Host-", StringComparison.Ordinal) && l.Contains(";secure", StringComparison.Ordinal));

    private static IEnumerable<Violation> Elsewhere(SourceFile file) => Writers.Any(w => file.Path.StartsWith(w, StringComparison.Ordinal)) ? []
        : from line in CSharpText.Read(file.Text).Code.Split('\n').Index()
          where Use().IsMatch(line.Item)
          select new Violation($"{file.Path}:{line.Index + 1}", "writes or reads a cookie past PageCookies and SessionCookie");

    [GeneratedRegex(@"(?<!Page)Cookies\.(?:Append|Delete|TryGetValue)\(|(?<!Page)Cookies\[|Headers\.SetCookie", RegexOptions.None, 1000)]
    private static partial Regex Use();

    // Several in one header; a date has a comma of its own.
    [GeneratedRegex(@", (?=[A-Za-z_][\w.-]*=)", RegexOptions.None, 1000)]
    private static partial Regex Cookie();
}
