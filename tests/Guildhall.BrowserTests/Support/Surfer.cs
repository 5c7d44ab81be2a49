using System.Globalization;
using System.Text.RegularExpressions;

namespace Guildhall.BrowserTests.Support;

/// <summary>A person at a browser: what they do, in their words.</summary>
public sealed partial class Surfer(BrowserWorld world, IPage page, Uri node)
{
    public const string DemoPassword = "guildhall-demo-2026";

    public IPage Page => page;

    public Task GoesTo(string path) => page.GotoAsync(new Uri(node, path).AbsoluteUri);

    /// <summary>The same person with one more page open.</summary>
    public async Task<Surfer> OpensAnother(string path)
    {
        var other = new Surfer(world, await page.Context.NewPageAsync(), node);
        await other.GoesTo(path);
        return other;
    }

    /// <summary>Presses the button or link of this name in the page's main part.</summary>
    public Task Presses(string name) => page.Locator("main").GetByRole(AriaRole.Button, new() { Name = name }).Or(page.Locator("main").GetByRole(AriaRole.Link, new() { Name = name })).First.ClickAsync();

    public Task Fills(string field, string text) => page.FillAsync("#" + field, text);

    /// <summary>Waits until the page says so.</summary>
    public Task Reads(string text, int withinSeconds = 15) => page.GetByText(text).First.WaitForAsync(new() { Timeout = withinSeconds * 1000 });

    /// <summary>Waits until the browser stands there; what comes next waits for what it needs of the page. (WaitForURLAsync would wait for the load event
    /// too, which Playwright misses when a page is quick.)</summary>
    public async Task Arrives(string pattern)
    {
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1)), new() { Timeout = 15_000 });
        await page.Locator("body").WaitForAsync();
    }

    public async Task SignsIn(string email, string password = DemoPassword)
    {
        await page.Context.ClearCookiesAsync(new() { Name = "guildhall" });
        await GoesTo("/sign-in");
        await Fills("email", email);
        await Fills("password", password);
        await Presses("Sign in");
        await page.WaitForSelectorAsync(".menu summary");
    }

    /// <summary>Chooses the first free time of a service and holds it; answers the booking's path.</summary>
    public async Task<string> Holds(string service)
    {
        await GoesTo("/services");
        await page.GetByRole(AriaRole.Link, new() { Name = service }).ClickAsync();
        await ChoosesATime();
        await Presses("Hold this time");
        await Arrives("/bookings/bkg_");
        return new Uri(page.Url).AbsolutePath;
    }

    public Task ChoosesATime() => page.Locator(".slots-times label:visible").First.ClickAsync();

    /// <summary>On a held booking: goes to the payment page and does there what a card may do.</summary>
    public async Task Pays(string outcome = "Success")
    {
        await Presses("Pay");
        await PaysAtTheGateway(outcome);
    }

    public async Task PaysAtTheGateway(string outcome = "Success")
    {
        await Arrives("/pay/");
        await page.Locator($"input[value={outcome}]").CheckAsync();
        await page.Locator("button.primary").ClickAsync();
    }

    /// <summary>Keeps the page as it looks in both languages, both themes, on a phone and on a desk.</summary>
    public Task Keeps(string name) => world.Camera.Take(page, name, everyLanguage: true);

    /// <summary>Goes to a page and keeps it.</summary>
    public async Task Looks(string path, string name)
    {
        await GoesTo(path);
        await Keeps(name);
    }

    /// <summary>The same in the language shown only: for a page that cannot be loaded anew.</summary>
    public Task KeepsAsItStands(string name) => world.Camera.Take(page, name, everyLanguage: false);

    /// <summary>When the booking on this page starts.</summary>
    public async Task<DateTimeOffset> Start() =>
        DateTimeOffset.Parse((await page.Locator(".facts time").First.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture);

    /// <summary>The newest message to an address in the sandbox's mailbox.</summary>
    public async Task<string> NewestMail(string email) => (await Eventually.Get(
        async () => await world.Gateway.MailTo(email), mail => mail.Count > 0, $"No mail to {email}"))[0].GetProperty("text").GetString()!;

    public static string CodeIn(string mail) => Code().Match(mail).Groups[1].Value;

    [GeneratedRegex(@"code is (\d{6})", RegexOptions.None, 1000)]
    private static partial Regex Code();
}
