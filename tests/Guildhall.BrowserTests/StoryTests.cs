using Guildhall.BrowserTests.Support;

namespace Guildhall.BrowserTests;

/// <summary>The whole main job in a real browser: a visitor becomes a customer, pays, talks and is served; the provider is paid out; staff sees it
/// all. Customer and provider sit at different nodes.</summary>
public sealed class StoryTests(BrowserWorld world) : IClassFixture<BrowserWorld>
{
    private const string Service = "Quick legal question";
    private const string Email = "maha@example.test";
    private const string Password = "five heavy copper lanterns";

    [Fact]
    [Covers("M-1", "M-2", "M-6", "M-7", "M-8", "M-11", "M-12", "M-13", "I-1", "B-1", "B-4", "B-5", "B-6", "A-3", "A-4")]
    public async Task The_main_job_from_sign_up_to_payout()
    {
        var maha = await world.Surfer(node: 0, "Asia/Kolkata");
        var omar = await world.Surfer(node: 1, "Asia/Kuwait");
        var ada = await world.Surfer(node: 1, "Europe/Dublin");

        await SignsUp(maha);
        var booking = await HoldsAndPays(maha);
        await TheyTalk(maha, omar, booking);
        await TheSessionTakesPlace(maha, omar, booking);
        await AsksForTheMoney(omar);
        await StaffSendsIt(ada, omar);
        await StaffSeesEverything(ada);
        await GetsMoneyBack(maha);
        await PaysTooLate(maha);
        await LooksAround(maha, omar);

        world.Complaints.ShouldBeEmpty();
        world.Camera.Faults.ShouldBeEmpty();
        world.Errors.ShouldBeEmpty();
    }

    private async Task SignsUp(Surfer maha)
    {
        await maha.GoesTo("/");
        await maha.Keeps("market-home");
        await maha.GoesTo("/services");
        await maha.Keeps("market-services");
        await maha.Page.GetByRole(AriaRole.Link, new() { Name = Service }).ClickAsync();
        await maha.Keeps("market-service");
        await maha.ChoosesATime();
        await maha.Presses("Sign in and hold this time");
        await maha.Keeps("account-sign-in");
        await maha.Presses("Create account");

        await maha.Fills("displayName", "Maha Iyer");
        await maha.Fills("email", Email);
        await maha.Fills("password", "password");
        await maha.Presses("Create account");
        await maha.Reads("Please correct the following");
        await maha.KeepsAsItStands("account-sign-up-errors");
        await maha.Page.ReloadAsync();
        await maha.Keeps("account-sign-up");
        await maha.Fills("displayName", "Maha Iyer");
        await maha.Fills("email", Email);
        await maha.Fills("password", Password);
        await maha.Presses("Create account");

        await maha.Arrives("/verify$");
        await maha.Keeps("account-verify");
        await maha.Fills("code", Surfer.CodeIn(await maha.NewestMail(Email)));
        await maha.Presses("Confirm");
        await maha.Arrives("/sign-in");
        await maha.Fills("email", Email);
        await maha.Fills("password", Password);
        await maha.Presses("Sign in");
        await maha.Arrives("/services/srv_");
    }

    private static async Task<string> HoldsAndPays(Surfer maha)
    {
        await maha.Presses("Hold this time");
        await maha.Arrives("/bookings/bkg_");
        var booking = new Uri(maha.Page.Url).AbsolutePath;
        await maha.Keeps("booking-held");
        await maha.Presses("Pay");
        await maha.Arrives("/pay/");
        await maha.GoesTo(booking);
        await maha.Keeps("booking-payment-under-way");
        await maha.Presses("Continue to payment");
        await maha.PaysAtTheGateway("Decline");
        await maha.Page.GetByText("declined").First.WaitForAsync();
        await maha.PaysAtTheGateway();

        await maha.Arrives("/bookings/bkg_");
        await maha.Reads("Booked and paid", withinSeconds: 3);
        await maha.Reads("Chat with Omar Haddad");
        await maha.Keeps("booking-confirmed");
        return booking;
    }

    private static async Task TheyTalk(Surfer maha, Surfer omar, string booking)
    {
        await omar.SignsIn("omar@example.test");
        await omar.GoesTo("/desk");
        await omar.Keeps("desk-today");
        await omar.GoesTo(booking);
        await omar.Arrives("/desk/bookings/bkg_");
        await omar.Fills("text", "Good evening Maha. Please send me the contract.");
        await omar.Presses("Send");
        await maha.Reads("Please send me the contract.");
        await maha.Fills("text", "Of course. It is four pages.");
        await maha.Presses("Send");
        await omar.Reads("It is four pages.");
        await omar.Page.Locator(".bubble.is-mine [aria-label=Read]").WaitForAsync();
        await omar.Keeps("desk-booking-confirmed");
        await maha.Keeps("booking-chat");
    }

    private async Task TheSessionTakesPlace(Surfer maha, Surfer omar, string booking)
    {
        await world.Clock.Passes(await maha.Start() - world.Clock.Now + TimeSpan.FromSeconds(30));
        await omar.SignsIn("omar@example.test");
        await maha.SignsIn(Email, Password);
        await maha.GoesTo(booking);
        await omar.GoesTo("/desk");
        await omar.Keeps("desk-today-session");
        await omar.GoesTo("/desk" + booking);
        await omar.Presses("Start the session");
        await omar.Reads("The session has begun");
        await omar.Presses("Complete and earn 6.375");
        await omar.Reads("was added to your available balance");
        await omar.Keeps("desk-booking-completed");
        await maha.Reads("This chat is closed.");
        await maha.Keeps("booking-completed");
    }

    private static async Task AsksForTheMoney(Surfer omar)
    {
        await omar.GoesTo("/desk/money/withdraw");
        await omar.Keeps("desk-withdraw-without-bank");
        await omar.Presses("Add your bank account");
        await omar.Fills("holder", "Omar Haddad");
        await omar.Fills("account", "KW81CBKU0000000000001234560102");
        await omar.Presses("Save bank account");
        await omar.Reads("The bank details are not valid.");
        await omar.KeepsAsItStands("desk-bank-errors");
        await omar.Fills("holder", "Omar Haddad");
        await omar.Fills("account", "KW81CBKU0000000000001234560101");
        await omar.Presses("Save bank account");
        await omar.Reads("•••• 0101");
        await omar.Keeps("desk-bank");
        await omar.GoesTo("/desk/money/withdraw");
        await omar.Keeps("desk-withdraw");
        (await omar.Page.InputValueAsync("#amount")).ShouldBe("6.370"); // the gateway moves steps of ten fils
        await omar.Presses("Request this withdrawal");
        await omar.Arrives("/desk/money/withdrawals/wdr_");
        await omar.Keeps("desk-withdrawal-pending");
        await omar.Page.GotoAsync(new Uri(new Uri(omar.Page.Url), "/desk/money").AbsoluteUri);
        await omar.Page.Locator("details.explained summary").First.ClickAsync();
        await omar.Reads("Earned: Quick legal question, Maha Iyer");
        await omar.KeepsAsItStands("desk-money-explained");
        await omar.Keeps("desk-money");
    }

    private async Task StaffSendsIt(Surfer ada, Surfer omar)
    {
        await ada.SignsIn("admin@example.test");
        await ada.GoesTo("/console/withdrawals");
        await ada.Keeps("console-withdrawals");
        await ada.Page.Locator("tbody a.cover").First.ClickAsync();
        await ada.Keeps("console-withdrawal");
        await ada.Presses("Approve");
        await omar.Page.Locator("tbody a.cover").First.ClickAsync();
        await omar.Reads("Paid out.");
        await omar.Keeps("desk-withdrawal-paid");

        var payout = (await world.Gateway.Did("payouts"))[0].GetProperty("id").GetString();
        await world.Sandbox.Post($"/sandbox/stripe/payouts/{payout}/return");
        await omar.Reads("Your bank returned the transfer");
        await omar.Keeps("desk-withdrawal-returned");
    }

    private async Task StaffSeesEverything(Surfer ada)
    {
        foreach (var path in (string[])["", "/payments", "/bookings", "/people", "/audit", "/settings", "/jobs", "/integrations", "/system",
            "/limits", "/sessions", "/roles", "/roles/finance", "/invitations", "/applications", "/sign-ins", "/sign-ins/networks"])
            await ada.Looks("/console" + path, ("console" + path).Replace('/', '-'));
        await ada.GoesTo("/console/payments");
        await ada.Page.Locator("tbody a.cover").First.ClickAsync();
        await ada.Keeps("console-payment");
        await ada.GoesTo("/console/settings/money.platform_fee_basis_points");
        await ada.Keeps("console-setting");
        await ada.Fills("value", "10");
        await ada.Fills("why", "Autumn campaign");
        await ada.Presses("Save");
        await ada.Reads("Autumn campaign");
    }

    private async Task GetsMoneyBack(Surfer maha)
    {
        var booking = await maha.Holds("Contract review");
        (await world.Database.Column<int>("select (fee_rule->>'basisPoints')::int from money.orders order by id")).ShouldBe([1500, 1000]); // the new fee is the next sale's
        var elsewhere = await maha.OpensAnother(booking);
        await elsewhere.Reads("I do not need this time");
        await maha.Pays();
        await maha.Reads("Booked and paid");
        await elsewhere.Reads("Chat with"); // a page that was open before the money came changes its shape too
        await elsewhere.Presses("Cancel booking");
        await elsewhere.Page.CloseAsync();
        await maha.Presses("Cancel booking");
        await maha.Arrives("/cancel$");
        await maha.Keeps("booking-cancel");
        await maha.Presses("Cancel and refund");
        await maha.Reads("goes back to the card you paid with");
        await maha.Reads("Refunded to the card");
        await maha.Keeps("booking-refunded");
        await maha.GoesTo(booking);
        await maha.Reads("This chat is closed.");
    }

    private async Task PaysTooLate(Surfer maha)
    {
        var booking = await maha.Holds("Company set-up consultation");
        await maha.Pays("LateSuccess");
        await maha.Arrives("/bookings/bkg_");
        await maha.Keeps("booking-asking-the-provider");
        await world.Clock.Passes(TimeSpan.FromMinutes(11));
        await maha.GoesTo(booking);
        await maha.Reads("Booked and paid", withinSeconds: 30);

        await maha.Holds("Company set-up consultation");
        await world.Clock.Passes(TimeSpan.FromMinutes(11));
        await maha.Page.ReloadAsync();
        await maha.Reads("The time to pay is over");
        await maha.Keeps("booking-expired");
    }

    private async Task LooksAround(Surfer maha, Surfer omar)
    {
        foreach (var (path, name) in ((string, string)[])[("/bookings", "bookings"), ("/inbox", "inbox"), ("/account", "account"), ("/account/security", "account-security"), ("/account/notifications", "account-notifications"),
            ("/my", "my"), ("/account/calendar", "account-calendar"), ("/services?sort=first_free&from=2026-01-01&currency=KWD&max=20", "market-search"), ("/account/prove?returnUrl=/account/security", "account-prove"),
            ("/no-such-page", "not-found"), ("/desk", "refused")])
            await maha.Looks(path, name);
        foreach (var (path, name) in ((string, string)[])[("/desk/bookings", "desk-bookings"), ("/desk/messages", "desk-messages"), ("/desk/hours", "desk-hours"), ("/desk/services", "desk-services"),
            ("/desk/services/new", "desk-service-new"), ("/desk/calendar", "desk-calendar")])
            await omar.Looks(path, name);
        await maha.GoesTo("/services");
        await maha.Page.GetByRole(AriaRole.Link, new() { Name = Service }).ClickAsync();
        await maha.Page.GetByRole(AriaRole.Link, new() { Name = "Omar Haddad" }).ClickAsync();
        await maha.Keeps("market-provider");
        var forbidden = world.Complaints.Where(c => !c.Contains("404", StringComparison.Ordinal) && !c.Contains("403", StringComparison.Ordinal)).ToList();
        world.Complaints.Clear();
        foreach (var complaint in forbidden) world.Complaints.Enqueue(complaint);
    }
}
