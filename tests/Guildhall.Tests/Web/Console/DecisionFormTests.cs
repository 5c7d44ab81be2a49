using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Money;

namespace Guildhall.Tests.Web.Console;

public sealed class DecisionFormTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    private static readonly Caller Clerk = MoneyWorld.Person("withdrawal.view", "withdrawal.decide");

    [Fact, Covers("M-13", "A-3")]
    public async Task Approving_sends_one_payout_however_often_it_is_pressed()
    {
        var (page, _) = await Asked();
        var browser = new StaffBrowser(world, Clerk);
        var form = await browser.Form(page, page + "/approve");
        var first = await browser.Sends(page + "/approve", form);
        (await browser.Sends(page + "/approve", form)).Must(303).Headers["Location"].ShouldBe(first.Must(303).Headers["Location"]);
        (await browser.Opens(page)).Text.ShouldContain("Approved 10.000");
        (await world.Database.Count("money.payouts p join money.withdrawals w on w.id = p.withdrawal_id where w.id = $1", IdOf(page))).ShouldBe(1);
        await world.SettlesDown();
    }

    [Fact, Covers("M-13")]
    public async Task Who_asked_sees_why_they_cannot_decide_and_is_refused_when_they_post_it_anyway()
    {
        var (page, provider) = await Asked();
        var own = new StaffBrowser(world, provider with { Permissions = Clerk.Permissions });
        var shown = (await own.Opens(page)).Must().Text;
        shown.ShouldContain("You asked for this withdrawal");
        shown.ShouldNotContain($"action=\"{page}/approve\"");

        var (other, _) = await Asked();
        var form = await own.Form(other, other + "/approve");
        (await own.Opens((await own.Sends(page + "/approve", form)).Must(303).Headers["Location"])).Text.ShouldContain(MoneyRefusals.WithdrawalOwn.Sentence);
        (await State(page)).ShouldBe("pending");
    }

    [Fact, Covers("M-13")]
    public async Task A_decision_on_what_has_changed_meanwhile_is_refused()
    {
        var (page, _) = await Asked();
        var browser = new StaffBrowser(world, Clerk);
        var shown = await browser.Does(page, page + "/approve", ("revision", "7"));
        shown.Text.ShouldContain(MoneyRefusals.WithdrawalChangedMeanwhile.Sentence);
        (await State(page)).ShouldBe("pending");
    }

    [Fact, Covers("M-13")]
    public async Task Rejecting_needs_a_reason_and_gives_the_amount_back()
    {
        var (page, provider) = await Asked();
        var browser = new StaffBrowser(world, Clerk);
        (await browser.Does(page, page + "/reject", ("reason", " "))).Text.ShouldContain(MoneyRefusals.ReasonMissing.Sentence);
        (await State(page)).ShouldBe("pending");
        var shown = await browser.Does(page, page + "/reject", ("reason", "The account holder differs."));
        shown.Text.ShouldContain("The account holder differs.");
        (await State(page)).ShouldBe("rejected");
        (await world.Books.Has(provider, "provider_reserved")).ShouldBe(0);
        await world.SettlesDown();
    }

    [Fact]
    public async Task The_queue_shows_what_waits_and_opens_to_what_the_balance_is_made_of()
    {
        var (page, _) = await Asked();
        var browser = new StaffBrowser(world, Clerk);
        (await browser.Opens("/console/withdrawals")).Must().Text.ShouldContain($"href=\"{page}\"");
        var shown = (await browser.Opens(page)).Must().Text;
        shown.ShouldContain("Released from escrow");
        shown.ShouldContain("Approve 10.000");
    }

    private async Task<(string Page, Caller Provider)> Asked()
    {
        var provider = await world.ProviderWith(new Amount(25_000, MoneyWorld.Kwd));
        var asked = (await RequestWithdrawal.Run(world.Data(), world.Rails, provider, new Amount(10_000, MoneyWorld.Kwd), default)).OrThrow();
        return ($"/console/withdrawals/{asked.Id}", provider);
    }

    private static Guid IdOf(string page) => Id.TryParse<WithdrawalId>(page[(page.LastIndexOf('/') + 1)..], out var id) ? id.Value : throw new ArgumentException(page, nameof(page));

    private Task<string> State(string page) => world.Database.Value<string>("select state from money.withdrawals where id = $1", IdOf(page));
}
