using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Disputes;
using Guildhall.Tests.Money;
using Guildhall.Tests.Money.Disputes;

namespace Guildhall.Tests.Web.Console;

public sealed class DisputePagesTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    private static readonly Caller Clerk = MoneyWorld.Person("payment.view", "dispute.manage", "debt.write_off", "approval.decide");

    [Fact, Covers("M-9")]
    public async Task Staff_see_the_deadline_answer_once_and_see_what_became_of_it()
    {
        var deal = await world.Order();
        var quarrel = await deal.PaidAndDisputed();
        var page = $"/console/disputes/{(await quarrel.Now())!.Id}";
        var browser = new StaffBrowser(world, Clerk);
        (await browser.Opens("/console/disputes")).Must().Text.ShouldContain(page);
        var shown = (await browser.Opens(page)).Must().Text;
        shown.ShouldContain("data-countdown");
        shown.ShouldContain("Share set aside for a dispute");
        (await browser.Does(page, page + "/answer", ("other", " "))).Text.ShouldContain("an answer needs a field that is not empty");
        (await browser.Does(page, page + "/answer", ("other", "winning_evidence"))).Text.ShouldContain("The answer is on its way");
        await quarrel.Becomes(DisputeState.Won);
        (await browser.Opens(page)).Text.ShouldContain("Won. The amount was given back");
        (await browser.Opens($"/console/payments/{quarrel.Payment}")).Text.ShouldContain("Dispute won");
        (await new StaffBrowser(world, MoneyWorld.Person("payment.view")).Opens(page)).Text.ShouldNotContain($"action=\"{page}/accept\"");
        await world.SettlesDown();
    }

    [Fact, Covers("M-9")]
    public async Task A_dispute_that_is_given_up_needs_a_reason()
    {
        var quarrel = await (await world.Order()).PaidAndDisputed();
        var page = $"/console/disputes/{(await quarrel.Now())!.Id}";
        var browser = new StaffBrowser(world, Clerk);
        (await browser.Does(page, page + "/accept", ("reason", " "))).Text.ShouldContain(MoneyRefusals.ReasonMissing.Sentence);
        await browser.Does(page, page + "/accept", ("reason", "The provider agrees."));
        await quarrel.Becomes(DisputeState.Accepted);
        await world.SettlesDown();
    }

    [Fact, Covers("M-12")]
    public async Task Exposure_leads_to_a_balance_that_opens_to_its_lines_and_to_giving_a_debt_up()
    {
        var deal = await world.Order();
        var payment = await deal.PaidAndReleased();
        await world.Becomes(await world.Withdraws(deal.Provider, 21_250), Guildhall.Money.Withdrawals.WithdrawalState.Completed);
        var quarrel = await deal.IsDisputed(payment);
        await quarrel.Becomes(DisputeState.NeedsResponse);
        var page = $"/console/balances/{deal.Provider.AccountId}";
        var browser = new StaffBrowser(world, Clerk);
        (await browser.Opens("/console/exposure")).Must().Text.ShouldContain(page);
        var shown = (await browser.Opens(page)).Must().Text;
        shown.ShouldContain("21.250 KWD is owed to the platform");
        shown.ShouldContain($"/console/disputes/{(await quarrel.Now())!.Id}");
        (await browser.Does(page, page + "/write-offs", ("amount", "21.250"), ("reason", "Left the country."))).Text.ShouldContain("Proposed. A colleague decides.");
        await world.SettlesDown();
    }
}
