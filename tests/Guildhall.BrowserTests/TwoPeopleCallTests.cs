using Guildhall.BrowserTests.Support;

namespace Guildhall.BrowserTests;

/// <summary>Two browsers at different nodes call each other with the sound and picture that Chromium makes up, over this machine's own network.</summary>
public sealed class TwoPeopleCallTests(BrowserWorld world) : IClassFixture<BrowserWorld>
{
    private const string Connected = "[data-call][data-connection=connected]";

    [Fact, Covers("B-7")]
    public async Task Two_people_of_a_booking_see_each_other_also_after_one_comes_back_and_hang_up()
    {
        var layla = await world.Surfer(node: 0, "Asia/Kuwait");
        var omar = await world.Surfer(node: 1, "Asia/Kuwait");
        await layla.SignsIn("layla@example.test");
        var booking = await layla.Holds("Quick legal question");
        await layla.Pays();
        await layla.Reads("Booked and paid");
        await world.Clock.Passes(await layla.Start() - world.Clock.Now);
        await layla.SignsIn("layla@example.test");
        await omar.SignsIn("omar@example.test");

        await omar.GoesTo("/desk" + booking);
        await layla.GoesTo(booking);
        await omar.Reads("Layla Al-Sayed is here");
        await layla.Page.Locator("#text").PressSequentiallyAsync("Good evening");
        await omar.Reads("Layla Al-Sayed is writing");
        await layla.GoesTo(booking + "/call");
        await layla.Keeps("booking-call");
        await layla.GoesTo(booking + "/call");
        await layla.Presses("Call");
        await layla.Reads("Calling Omar Haddad");
        await omar.Reads("is calling you");
        await omar.Presses("Open the call");
        await omar.Page.GetByRole(AriaRole.Button, new() { Name = "Answer" }).FocusAsync();
        await omar.Page.Keyboard.PressAsync("Enter");

        foreach (var side in new[] { layla, omar }) await Sees(side);
        await layla.KeepsAsItStands("booking-call-connected");
        await omar.Page.GetByRole(AriaRole.Button, new() { Name = "Mute" }).ClickAsync();
        (await omar.Page.GetByRole(AriaRole.Button, new() { Name = "Mute" }).GetAttributeAsync("aria-pressed")).ShouldBe("true");

        await omar.Page.ReloadAsync();
        foreach (var side in new[] { omar, layla }) await Sees(side);
        await layla.Presses("Hang up");
        foreach (var side in new[] { layla, omar }) await side.Reads("The call is over.");
        (await world.Database.Count("marketplace.call_presences where left_at is null")).ShouldBe(0);
        (await world.Database.Count("marketplace.call_signals")).ShouldBe(0);
        world.Complaints.ShouldBeEmpty();
        world.Camera.Faults.ShouldBeEmpty();
        world.Errors.ShouldBeEmpty();
    }

    // Connected, and pictures come.
    private static async Task Sees(Surfer side)
    {
        await side.Page.WaitForSelectorAsync(Connected, new() { State = WaitForSelectorState.Attached, Timeout = 20_000 });
        await side.Page.WaitForFunctionAsync("() => { const them = document.querySelector('[data-them-video]'); return them.videoWidth > 0 && them.currentTime > 0; }");
        await side.Reads("You are connected with");
    }
}
