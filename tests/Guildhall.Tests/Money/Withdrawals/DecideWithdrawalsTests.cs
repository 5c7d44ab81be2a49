using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Web.Console;

namespace Guildhall.Tests.Money.Withdrawals;

/// <summary>Many withdrawals are decided at once, each as if alone: a dry run says what would come of each and changes nothing.</summary>
[Covers("A-3", "M-13")]
public sealed class DecideWithdrawalsTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    private static readonly Caller Clerk = MoneyWorld.Person("withdrawal.view", "withdrawal.decide");

    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<(Caller Provider, WithdrawalView Asked)> Asked()
    {
        var provider = await world.ProviderWith(new Amount(25_000, MoneyWorld.Kwd));
        return (provider, (await world.Asks(provider, 11_000)).OrThrow());
    }

    private Task<Answer> Decides(Caller who, string act, bool dryRun, string? reason, string? key, params WithdrawalView[] chosen) =>
        world.As(who).Post("admin/withdrawals/bulk", new { act, dryRun, reason, rows = chosen.Select(w => new { id = w.Id.ToString(), revision = w.Revision }).ToArray() }, key);

    private static string?[] Codes(Answer answer) => [.. answer.Must().At("rows").EnumerateArray().Select(r => r.GetProperty("done").GetBoolean() ? "done" : r.GetProperty("code").GetString())];

    private Task<string> State(WithdrawalView asked) => world.Database.Value<string>("select state from money.withdrawals where id = $1", asked.Id.Value);

    [Fact]
    public async Task A_dry_run_says_what_would_happen_to_each_and_changes_nothing_then_it_happens()
    {
        var ((own, ofOwn), (_, other), (_, cancelled)) = (await Asked(), await Asked(), await Asked());
        var clerk = own with { Permissions = Clerk.Permissions };
        await world.Database.Execute("update money.withdrawals set state = 'cancelled' where id = $1", cancelled.Id.Value);
        var audits = await world.Database.Count("foundation.audit where action like 'withdrawal.%'");

        string?[] expected = ["withdrawal_own", "done", "withdrawal_not_pending"];
        Codes(await Decides(clerk, "approve", true, null, null, ofOwn, other, cancelled)).ShouldBe(expected);
        (await State(other)).ShouldBe("pending");
        (await world.Database.Count("money.payouts where withdrawal_id = $1", other.Id.Value)).ShouldBe(0);
        (await world.Database.Count("foundation.audit where action like 'withdrawal.%'")).ShouldBe(audits);

        Codes(await Decides(clerk, "approve", false, null, null, ofOwn, other, cancelled)).ShouldBe(expected);
        await world.Becomes(other.Id, WithdrawalState.Completed);
        (await State(ofOwn)).ShouldBe("pending");
        await world.Database.Execute("update money.withdrawals set state = 'pending' where id = $1", cancelled.Id.Value);
    }

    [Fact]
    public async Task A_row_that_changed_since_the_preview_is_left_alone_and_the_others_are_done()
    {
        var ((_, first), (_, second)) = (await Asked(), await Asked());
        Codes(await Decides(Clerk, "reject", true, null, null, first, second)).ShouldBe(["done", "done"]);
        await world.Database.Execute("update money.withdrawals set revision = revision + 1 where id = $1", first.Id.Value);
        Codes(await Decides(Clerk, "reject", false, "The names differ.", null, first, second)).ShouldBe(["withdrawal_changed_meanwhile", "done"]);
        (await State(first)).ShouldBe("pending");
        (await State(second)).ShouldBe("rejected");
        (await world.Database.Value<string>("select reason from money.withdrawals where id = $1", second.Id.Value)).ShouldBe("The names differ.");
    }

    [Fact]
    public async Task Two_people_who_decide_the_same_rows_at_once_make_one_payout()
    {
        var (_, asked) = await Asked();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.withdrawals where id = $1 for update", asked.Id.Value);
        var two = new[] { Decides(Clerk, "approve", false, null, null, asked), Decides(MoneyWorld.Person("withdrawal.decide"), "approve", false, null, null, asked) };
        await gate.OpenWhenWaiting(2);
        (await Task.WhenAll(two)).SelectMany(a => Codes(a)).ShouldAllBe(c => c == "done" || c == "withdrawal_not_pending");
        await world.Becomes(asked.Id, WithdrawalState.Completed);
        (await world.Database.Count("money.payouts where withdrawal_id = $1", asked.Id.Value)).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_key_decides_once_and_above_an_amount_two_people_decide_as_ever()
    {
        await world.Says(MoneySettings.SecondApproval, "KWD 10.000");
        var (_, asked) = await Asked();
        var first = await Decides(Clerk, "approve", false, null, "one-intent", asked);
        Codes(first).ShouldBe(["done"]);
        (await Decides(Clerk, "approve", false, null, "one-intent", asked)).Text.ShouldBe(first.Text);
        (await State(asked)).ShouldBe("pending");
        (await world.Database.Count("money.withdrawal_events where withdrawal_id = $1 and kind = 'approved_once'", asked.Id.Value)).ShouldBe(1);
        var seen = (await ListWithdrawals.One(world.Data(), MoneyWorld.Staff, asked.Id, default)).OrThrow();
        Codes(await Decides(Clerk, "approve", true, null, null, seen)).ShouldBe(["withdrawal_needs_another"]);
        Codes(await Decides(MoneyWorld.Person("withdrawal.decide"), "approve", false, null, null, seen)).ShouldBe(["done"]);
        await world.Says(MoneySettings.SecondApproval, "");
        await world.Becomes(asked.Id, WithdrawalState.Completed);
    }

    [Fact]
    public async Task What_is_not_a_choice_of_rows_is_refused()
    {
        var (_, asked) = await Asked();
        (await Decides(Clerk, "approve", true, null, null)).MustRefuse(FoundationRefusals.BulkRows);
        (await Decides(Clerk, "approve", true, null, null, asked, asked)).MustRefuse(FoundationRefusals.BulkRows);
        (await Decides(Clerk, "approve", true, null, null, [.. Enumerable.Range(0, 101).Select(_ => asked with { Id = WithdrawalId.From(Guid.CreateVersion7()) })])).MustRefuse(FoundationRefusals.BulkRows);
        (await Decides(Clerk, "reject", false, null, null, asked)).MustRefuse(MoneyRefusals.ReasonMissing);
        (await Decides(Clerk, "pay_twice", false, null, null, asked)).Status.ShouldBeOneOf(400, 422);
        (await Decides(MoneyWorld.Person("withdrawal.view"), "approve", true, null, null, asked)).MustRefuse(FoundationRefusals.NotAllowed);
        Codes(await Decides(Clerk, "approve", true, null, null, asked with { Id = WithdrawalId.From(Guid.CreateVersion7()) })).ShouldBe(["withdrawal_not_found"]);
        (await State(asked)).ShouldBe("pending");
    }

    [Fact]
    public async Task On_the_page_rows_are_chosen_looked_at_and_then_decided()
    {
        const string preview = "/console/withdrawals/bulk/preview", act = "/console/withdrawals/bulk";
        var ((_, one), (_, other)) = (await Asked(), await Asked());
        var browser = new StaffBrowser(world, Clerk);
        var list = (await browser.Opens("/console/withdrawals")).Must().Text;
        list.ShouldContain($"<input type=\"checkbox\" class=\"pick\" name=\"row\" form=\"bulk\" value=\"{one.Id}.{one.Revision}\"");
        (await new StaffBrowser(world, MoneyWorld.Person("withdrawal.view")).Opens("/console/withdrawals")).Must().Text.ShouldNotContain("class=\"pick\"");

        var form = StaffBrowser.Fields(list, preview);
        (form["act"], form["rows"]) = ("reject", $"{one.Id}.{one.Revision},{other.Id}.9");
        var shown = (await browser.Sends(preview, form)).Must().Text;
        shown.ShouldContain("Nothing was done yet. 1 of 2 would be.");
        shown.ShouldContain(MoneyRefusals.WithdrawalChangedMeanwhile.Sentence);
        shown.ShouldContain("Reject 1: 11.000");
        (await State(one)).ShouldBe("pending");

        var decision = StaffBrowser.Fields(shown, act);
        decision["rows"].ShouldBe($"{one.Id}.{one.Revision}");
        decision["reason"] = "";
        var again = (await browser.Sends(act, decision)).Must().Text;
        again.ShouldContain(MoneyRefusals.ReasonMissing.Sentence);
        decision = StaffBrowser.Fields(again, act);
        decision["reason"] = "The names differ.";
        (await browser.Sends(act, decision)).Must().Text.ShouldContain("1 of 1 were done.");
        (await browser.Sends(act, decision)).Must().Text.ShouldContain("1 of 1 were done.");
        (await State(one)).ShouldBe("rejected");
        (await State(other)).ShouldBe("pending");

        form["rows"] = "";
        (await browser.Opens((await browser.Sends(preview, form)).Must(303).Headers["Location"])).Text.ShouldContain(FoundationRefusals.BulkRows.Sentence);
    }
}
