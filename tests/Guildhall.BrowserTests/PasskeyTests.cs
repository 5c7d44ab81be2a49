using Guildhall.BrowserTests.Support;

namespace Guildhall.BrowserTests;

/// <summary>Passkeys in a real browser with an authenticator of its own: what its WebAuthn makes and signs is what the server accepts.</summary>
public sealed class PasskeyTests(BrowserWorld world) : IClassFixture<BrowserWorld>
{
    [Fact]
    [Covers("I-6", "I-1")]
    public async Task A_passkey_is_added_on_the_security_page_and_signs_in_on_the_sign_in_page()
    {
        var layla = await world.Surfer(node: 0, "Asia/Kuwait");
        var authenticator = await Authenticator(layla.Page);
        await layla.SignsIn("layla@example.test");

        await layla.GoesTo("/account/security");
        await layla.Fills("name", "Blue phone");
        await layla.Presses("Add a passkey");
        await layla.Reads("Blue phone was added.");
        await layla.Keeps("account-passkeys");
        await layla.GoesTo("/account/security");
        await layla.Presses("Add a passkey");
        await layla.Reads("already holds a passkey for your account");

        await layla.Page.Context.ClearCookiesAsync();
        await layla.GoesTo("/sign-in?returnUrl=/bookings");
        await layla.Keeps("account-sign-in-passkey");
        await layla.Presses("Sign in with a passkey");
        await layla.Arrives(@":\d+/bookings$");
        await layla.GoesTo("/account/security");
        await layla.Reads("last used");

        await layla.Page.Locator("#passkeys").GetByText("Rename").ClickAsync();
        await layla.Page.Locator("#passkeys .rows input[name=name]").FillAsync("Work laptop");
        await layla.Page.Locator("#passkeys").GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await layla.Page.Locator("#passkeys").GetByRole(AriaRole.Button, new() { Name = "Remove: Work laptop" }).ClickAsync();
        await layla.Reads("The passkey is removed.");

        // The person says no, or the device holds nothing for us any more: said in words, and the button works again.
        await layla.Page.Context.ClearCookiesAsync();
        await layla.GoesTo("/sign-in");
        await layla.Presses("Sign in with a passkey");
        await layla.Reads("This passkey was not accepted");
        await authenticator.Send("WebAuthn.setUserVerified", ("isUserVerified", false));
        await layla.Presses("Sign in with a passkey");
        await layla.Reads("That was cancelled or took too long.");
        await layla.KeepsAsItStands("account-sign-in-passkey-cancelled");

        world.Complaints.ShouldBeEmpty();
        world.Camera.Faults.ShouldBeEmpty();
        world.Errors.ShouldBeEmpty();
    }

    [Fact]
    [Covers("I-6")]
    public async Task Without_script_nothing_is_shown_that_would_not_work()
    {
        var layla = await world.Surfer(node: 0, "Asia/Kuwait");
        await layla.SignsIn("layla@example.test");
        await layla.Page.Context.RouteAsync("**/*.js*", route => route.AbortAsync());
        await layla.GoesTo("/account/security");
        (await layla.Page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).IsVisibleAsync()).ShouldBeFalse();
        (await layla.Page.GetByText("This browser cannot make passkeys").IsVisibleAsync()).ShouldBeTrue();
        world.Complaints.Clear();
    }

    private static async Task<VirtualAuthenticator> Authenticator(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var options = new Dictionary<string, object>
        {
            ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
        };
        var answer = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new() { ["options"] = options });
        return new VirtualAuthenticator(session, answer!.Value.GetProperty("authenticatorId").GetString()!);
    }

    private sealed record VirtualAuthenticator(ICDPSession Session, string Id)
    {
        public Task Send(string method, params (string Name, object Value)[] args)
        {
            var all = args.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal);
            all["authenticatorId"] = Id;
            return Session.SendAsync(method, all);
        }
    }
}
