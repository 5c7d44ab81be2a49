using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Approvals;
using Guildhall.Money.Refunds;
using Guildhall.Tests.Web.Console;

namespace Guildhall.Tests.Money.Refunds;

/// <summary>A refund that the gateway never answered for is ended by two people, and only by them.</summary>
public sealed class RecordRefundOutcomeTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    private static readonly Caller Mona = MoneyWorld.Person("*");
    private static readonly Caller Sami = MoneyWorld.Person("*");

    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-8", "M-22")]
    public async Task What_two_people_found_given_back_is_booked_and_not_refunded_again()
    {
        var (deal, refund) = await Unanswered();
        var proposed = (await Says(Mona, refund, givenBack: true)).OrThrow();
        (await Decides(Mona, proposed.Id)).Refusal!.Code.ShouldBe("approval_own");
        (await ReadRefunds.Find(world.Data(), refund, default))!.State.ShouldBe(RefundState.Unknown);
        (await Decides(Sami, proposed.Id)).OrThrow();

        (await ReadRefunds.Find(world.Data(), refund, default))!.State.ShouldBe(RefundState.Completed);
        (await deal.Owes("refunds_in_transit")).ShouldBe(0);
        (await deal.Refunds(25_000)).Refusal!.Code.ShouldBe("refund_too_large");
        (await Says(Mona, refund, givenBack: false)).Refusal!.Code.ShouldBe("refund_ended");
        (await RecordRefundOutcome.Waiting(world.Data(), default)).ShouldNotContain(w => w.Refund == refund);
    }

    [Fact]
    [Covers("M-8", "M-22")]
    public async Task What_two_people_found_not_given_back_may_be_refunded_again()
    {
        var (deal, refund) = await Unanswered();
        (await RecordRefundOutcome.Waiting(world.Data(), default)).Single(w => w.Refund == refund).Gateway.ShouldBe("stripe");
        (await Decides(Sami, (await Says(Mona, refund, givenBack: false)).OrThrow().Id)).OrThrow();
        var failed = (await ReadRefunds.Find(world.Data(), refund, default))!;
        (failed.State, failed.FailureText).ShouldBe((RefundState.Failed, "Staff found that it was not given back: re_none"));
        (await deal.Owes("refunds_in_transit")).ShouldBe(0);
        (await deal.Owes("escrow")).ShouldBe(25_000);
        (await deal.Refunds(25_000)).OrThrow();
    }

    [Fact]
    [Covers("M-8", "M-22")]
    public async Task While_the_gateway_may_still_say_it_nobody_else_does_and_never_who_gets_the_money()
    {
        var (deal, refund) = await Unanswered(asked: "1 hour");
        (await Says(Mona, refund, givenBack: true)).Refusal!.Code.ShouldBe("refund_still_asked");
        await world.Database.Execute("update money.refunds set created_at = created_at - interval '2 days' where id = $1", refund.Value);
        (await Says(deal.Customer with { Permissions = Mona.Permissions }, refund, givenBack: false)).Refusal!.Code.ShouldBe("refund_own");
        (await RecordRefundOutcome.Run(world.Data(), Mona, refund, new RecordRefundOutcome.Body(true, " ", "Nothing at hand."), default)).Refusal!.Code.ShouldBe("document_missing");

        var proposed = (await Says(Mona, refund, givenBack: false)).OrThrow();
        await world.Database.Execute("update money.refunds set state = 'pending' where id = $1", refund.Value); // the gateway answered meanwhile
        (await Decides(Sami, proposed.Id)).Refusal!.Code.ShouldBe("refund_still_asked");
        (await ReadRefunds.Find(world.Data(), refund, default))!.State.ShouldBe(RefundState.Pending);
        await world.Database.Execute("update money.refunds set state = 'unknown' where id = $1", refund.Value);
        (await Decides(Sami, proposed.Id)).OrThrow();
    }

    [Fact]
    [Covers("M-22", "A-3")]
    public async Task The_page_asks_what_was_found_and_takes_no_silence_for_an_answer()
    {
        var (_, refund) = await Unanswered();
        var browser = new StaffBrowser(world, Mona);
        (await browser.Opens("/console/settlements")).Must().Text.ShouldContain(refund.ToString());
        (await browser.Does("/console/settlements", "/console/settlements/outcomes", ("outcome", ""), ("document", "re_1"), ("reason", "In the portal."))).Must().Text.ShouldContain("Say what you found");
        (await browser.Does("/console/settlements", "/console/settlements/outcomes", ("outcome", "not_given_back"), ("document", "re_1"), ("reason", "In the portal."))).Must().Text.ShouldContain("another member of staff decides");
        (await ReadRefunds.Find(world.Data(), refund, default))!.State.ShouldBe(RefundState.Unknown);
    }

    private Task<Result<ApprovalView>> Says(Caller who, RefundId refund, bool givenBack) =>
        RecordRefundOutcome.Run(world.Data(), who, refund, new RecordRefundOutcome.Body(givenBack, givenBack ? "re_found" : "re_none", "Looked into the portal."), default);

    private Task<Result<ApprovalView>> Decides(Caller who, ApprovalId id) =>
        DecideApproval.Run(world.Data(), world.Get<ApprovalBook>(), who, id, ApprovalState.Approved, null, default);

    // Asked for so long ago, and its call is one that nobody knows the end of.
    private async Task<(Deal Deal, RefundId Refund)> Unanswered(string asked = "2 days")
    {
        var deal = await world.Order();
        await deal.Pays();
        var refund = await world.Data().InTransaction(async tx =>
        {
            var id = (await RequestRefund.Run(tx, Caller.System("test"), deal.Order, null, "The customer asked.")).OrThrow();
            await tx.ChangeOne("delete from foundation.jobs where kind = 'send_refund' and unique_key = @key", new { key = id.ToString() });
            await tx.ChangeOne("update money.refunds set state = 'unknown', checks = 1, created_at = created_at - @asked::interval where id = @id", new { id, asked });
            return id;
        });
        return (deal, refund);
    }
}
