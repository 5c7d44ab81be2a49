using Guildhall.BrowserTests.Support;

namespace Guildhall.BrowserTests;

/// <summary>axe-core reads the main pages, in English on a dark desk and in Arabic on a light phone: nothing serious or critical of WCAG 2.2 AA, nothing that scrolls sideways, nothing too heavy.</summary>
public sealed class AccessibilityTests(BrowserWorld world) : IClassFixture<BrowserWorld>
{
    private const int MaxBytes = 60_000;

    private const string Reading = """
        async () => (await axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations
            .filter(v => v.impact === 'serious' || v.impact === 'critical')
            .flatMap(v => v.nodes.map(n => `${v.id} ${n.target.join(' ')} ${n.html.slice(0, 160)} ${n.any[0]?.message ?? ''}`))
        """;

    // English last: who looked goes on in it.
    private static readonly (string Language, int Width, ColorScheme Theme)[] Ways = [("ar", 390, ColorScheme.Light), ("en", 1440, ColorScheme.Dark)];

    private static readonly string[] Market = ["/", "/services", "/services?sort=rating", "/en/posts", "/ar/projects", "/sign-in", "/sign-up", "/forgot-password", "/no-such-page"];
    private static readonly string[] Customer = ["/bookings", "/waiting", "/my/packages", "/my/projects", "/inbox", "/invoices", "/account", "/account/security",
        "/account/notifications", "/account/blocks", "/account/payment-methods", "/account/data"];
    private static readonly string[] Desk = ["/desk", "/desk/bookings", "/desk/visits", "/desk/messages", "/desk/hours", "/desk/services", "/desk/services/new",
        "/desk/packages", "/desk/packages/new", "/desk/projects", "/desk/projects/new", "/desk/resources", "/desk/money", "/desk/calendar"];
    private static readonly string[] Staff = ["", "/charts", "/search?q=omar", "/payments?state=captured", "/withdrawals", "/bookings", "/people", "/audit", "/settings", "/jobs", "/integrations", "/system", "/limits",
        "/content", "/content/new", "/packages", "/talk-reports", "/templates", "/messages", "/ledger", "/risk"];

    [Fact]
    public async Task No_main_page_keeps_anybody_out()
    {
        var axe = await File.ReadAllTextAsync(await Peers.PathOf("node_modules/axe-core/axe.min.js"));
        var layla = await world.Surfer(node: 0, "Asia/Kuwait");
        var found = new List<string>();
        await LooksAt(layla, axe, Market, found);
        await layla.GoesTo("/services");
        await layla.Page.GetByRole(AriaRole.Link, new() { Name = "Quick legal question" }).ClickAsync();
        await layla.Arrives("/services/srv_");
        var service = new Uri(layla.Page.Url).AbsolutePath;
        await LooksAt(layla, axe, [service], found);
        await layla.SignsIn("layla@example.test");
        await LooksAt(layla, axe, Customer, found);

        var omar = await world.Surfer(node: 1, "Asia/Kuwait");
        await omar.SignsIn("omar@example.test");
        await LooksAt(omar, axe, [.. Desk, "/desk" + service, "/desk" + service + "/rules"], found);
        var ada = await world.Surfer(node: 1, "Europe/Dublin");
        await ada.SignsIn("admin@example.test");
        await LooksAt(ada, axe, Staff.Select(path => "/console" + path), found);
        found.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_reader_is_awake()
    {
        var axe = await File.ReadAllTextAsync(await Peers.PathOf("node_modules/axe-core/axe.min.js"));
        var anyone = await world.Surfer(node: 0, "Asia/Kuwait");
        await anyone.Page.SetContentAsync("<!doctype html><html><body><main><input><p style='color:#bbb;background:#fff'>Hardly to be read</p></main></body></html>");
        var found = await Faults(anyone.Page, axe);
        foreach (var rule in (string[])["label", "color-contrast", "html-has-lang"]) found.ShouldContain(f => f.StartsWith(rule + " ", StringComparison.Ordinal));
    }

    private static async Task LooksAt(Surfer who, string axe, IEnumerable<string> paths, List<string> found)
    {
        foreach (var path in paths)
        {
            foreach (var (language, width, theme) in Ways)
            {
                await who.Page.Context.AddCookiesAsync([new() { Name = "lang", Value = language, Domain = "localhost", Path = "/" }]);
                await who.Page.SetViewportSizeAsync(width, 900);
                // Without motion no colour is read on its way.
                await who.Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce, ColorScheme = theme });
                await who.GoesTo(path);
                var at = $"{path} {language} {width}";
                found.AddRange((await Faults(who.Page, axe)).Select(fault => $"{at}: {fault}"));
                if (await who.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth")) found.Add($"{at}: scrolls sideways");
                var bytes = await who.Page.EvaluateAsync<int>("performance.getEntriesByType('navigation')[0].decodedBodySize");
                if (bytes > MaxBytes) found.Add($"{at}: weighs {bytes} bytes");
            }
        }
    }

    // It is put in beside the page's own scripts, which the page's policy would forbid a script element of another site.
    private static async Task<string[]> Faults(IPage page, string axe)
    {
        await page.EvaluateAsync(axe);
        return await page.EvaluateAsync<string[]>(Reading);
    }
}
