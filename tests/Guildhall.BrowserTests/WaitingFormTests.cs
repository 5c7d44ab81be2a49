using Guildhall.BrowserTests.Support;

namespace Guildhall.BrowserTests;

/// <summary>Forms that have to wait for a proof or a sign-in, and where the keyboard stands after a refusal.</summary>
public sealed class WaitingFormTests(BrowserWorld world) : IClassFixture<BrowserWorld>
{
    private const string Iban = "KW81CBKU0000000000001234560101";

    [Fact]
    [Covers("I-1")]
    public async Task What_was_typed_is_there_again_after_a_proof_and_a_sign_in_for_the_same_person_only()
    {
        var omar = await world.Surfer(node: 0, "Asia/Kuwait");
        await omar.SignsIn("omar@example.test");
        await FillsHisBank(omar);
        await world.Database.Execute("update identity.sessions set proven_at = now() - interval '1 hour'");
        await omar.Presses("Save bank account");
        await omar.Arrives("/account/prove");
        await omar.Fills("currentPassword", "not what he chose");
        await omar.Presses("Continue");
        await omar.Reads("The present password is wrong.");
        await omar.Fills("currentPassword", Surfer.DemoPassword);
        await omar.Presses("Continue");
        await omar.Arrives("/desk/money/bank");
        (await Shown(omar, "account")).ShouldBe(Iban);
        (await Shown(omar, "holder")).ShouldBe("Omar Haddad");

        await omar.Page.Context.ClearCookiesAsync(new() { Name = "guildhall" });
        await omar.Presses("Save bank account");
        await omar.Reads("Please sign in");
        await omar.Presses("Sign in");
        await omar.Arrives("/sign-in");
        await SignsInHere(omar, "omar@example.test");
        await omar.Arrives("/desk/money/bank");
        (await Shown(omar, "account")).ShouldBe(Iban);
        await omar.Page.ReloadAsync();
        (await Shown(omar, "account")).ShouldBe("");

        await FillsHisBank(omar);
        await omar.Page.Context.ClearCookiesAsync(new() { Name = "guildhall" });
        await omar.Presses("Save bank account");
        await omar.Reads("Please sign in");
        await omar.Presses("Sign in");
        await omar.Arrives("/sign-in");
        await SignsInHere(omar, "maya@example.test");
        await omar.Arrives("/desk/money/bank");
        (await Shown(omar, "account")).ShouldBe("");
        world.Complaints.Where(c => !c.EndsWith("401 (Unauthorized)", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    [Covers("I-1")]
    public async Task After_a_refused_sign_in_the_keyboard_stands_at_what_is_wrong()
    {
        var omar = await world.Surfer(node: 0, "Asia/Kuwait");
        await omar.GoesTo("/sign-in");
        await omar.Fills("email", "omar@example.test");
        await omar.Fills("password", "not what he chose");
        await omar.Page.Keyboard.PressAsync("Enter");
        await omar.Reads("Please correct the following");
        await omar.Page.WaitForFunctionAsync("() => document.activeElement.matches('.notice[role=alert]')");
        await omar.Page.Keyboard.PressAsync("Tab");
        await omar.Page.WaitForFunctionAsync("() => document.activeElement.id === 'email'");
    }

    private static async Task FillsHisBank(Surfer omar)
    {
        await omar.GoesTo("/desk/money/bank");
        await omar.Fills("holder", "Omar Haddad");
        await omar.Fills("account", Iban);
    }

    // Once the page's script has run.
    private static async Task<string> Shown(Surfer who, string field)
    {
        await who.Page.WaitForLoadStateAsync(LoadState.Load);
        return await who.Page.InputValueAsync("#" + field);
    }

    private static async Task SignsInHere(Surfer who, string email)
    {
        await who.Fills("email", email);
        await who.Fills("password", Surfer.DemoPassword);
        await who.Presses("Sign in");
    }
}
