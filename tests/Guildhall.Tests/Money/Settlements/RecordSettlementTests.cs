using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Approvals;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Guildhall.Money.Settlements;

namespace Guildhall.Tests.Money.Settlements;

/// <summary>Money that came and went by hand: two people, the same path into the books.</summary>
public sealed class RecordSettlementTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    private static readonly Caller Mona = MoneyWorld.Person("*");
    private static readonly Caller Sami = MoneyWorld.Person("*");

    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private ApprovalBook Book => world.Get<ApprovalBook>();

    private async Task<ApprovalId> Recorded(Deal deal, ByHand by = ByHand.Cash, string? document = null) =>
        (await RecordSettlement.Run(world.Data(), Mona, deal.Order, new RecordSettlement.Body(by, document ?? $"Receipt {Guid.NewGuid():n}", "Paid at the desk."), default)).OrThrow().Id;

    private Task<Result<ApprovalView>> Decides(Caller who, ApprovalId id, ApprovalState to = ApprovalState.Approved, int node = 0) =>
        DecideApproval.Run(world.Data(node), Book, who, id, to, to == ApprovalState.Rejected ? "No." : null, default);

    [Fact]
    [Covers("M-22")]
    public async Task What_was_paid_in_cash_pays_the_order_once_a_second_person_agrees()
    {
        var deal = await world.Order();
        var id = await Recorded(deal);
        (await deal.Now()).State.ShouldBe(OrderState.Open);
        (await Decides(Mona, id)).Refusal!.Code.ShouldBe("approval_own");
        (await Decides(Sami, id)).OrThrow().State.ShouldBe(ApprovalState.Approved);
        var order = await deal.Now();
        order.State.ShouldBe(OrderState.Paid);
        world.Paid.ShouldContain(deal.Order);
        (await deal.Owes("cash")).ShouldBe(-25_000);
        (await deal.Owes("gateway_clearing")).ShouldBe(0);
        (await deal.Releases()).OrThrow().Minor.ShouldBe(21_250);
    }

    [Fact]
    [Covers("M-22")]
    public async Task Ten_who_agree_at_once_on_two_nodes_pay_it_once()
    {
        var deal = await world.Order();
        var id = await Recorded(deal, ByHand.BankTransfer);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Decides(MoneyWorld.Person("*"), id, node: i % 2)));
        answers.Count(a => a.Refusal is null).ShouldBe(1);
        answers.Where(a => a.Refusal is not null).ShouldAllBe(a => a.Refusal!.Code == "approval_decided");
        (await deal.Journals()).ShouldBe("capture");
        (await deal.Owes("bank")).ShouldBe(-25_000);
    }

    [Fact]
    [Covers("M-22", "money-17")]
    public async Task While_a_page_can_be_paid_nothing_is_recorded_beside_it_and_the_proposal_waits()
    {
        var deal = await world.Order();
        var id = await Recorded(deal);
        var payment = await deal.Starts();
        (await Decides(Sami, id)).Refusal!.Code.ShouldBe("payment_in_progress");
        await deal.PaysAtGateway(payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await Decides(Sami, id)).Refusal!.Code.ShouldBe("order_paid");
        (await Decides(Sami, id, ApprovalState.Rejected)).OrThrow().State.ShouldBe(ApprovalState.Rejected);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("M-22", "M-8")]
    public async Task A_refund_of_cash_waits_until_two_people_say_that_it_was_handed_over()
    {
        var deal = await world.Order();
        await Decides(Sami, await Recorded(deal));
        var refund = await deal.Refunded(5_000);
        await world.JobsAreDone();
        (await ReadRefunds.Find(world.Data(), refund, default))!.State.ShouldBe(RefundState.Pending);
        var proposed = (await RecordRefundPaid.Run(world.Data(), Sami, refund, new RecordRefundPaid.Body("Receipt 18", "Handed over."), default)).OrThrow();
        (await Decides(Sami, proposed.Id)).Refusal!.Code.ShouldBe("approval_own");
        (await Decides(Mona, proposed.Id)).OrThrow();
        (await ReadRefunds.Find(world.Data(), refund, default))!.State.ShouldBe(RefundState.Completed);
        (await deal.Owes("cash")).ShouldBe(-20_000);
        (await RecordRefundPaid.Run(world.Data(), Sami, refund, new RecordRefundPaid.Body("Receipt 18", "Again."), default)).Refusal!.Code.ShouldBe("refund_ended");
    }

    [Fact]
    [Covers("M-22", "M-4")]
    public async Task One_paper_pays_one_order_however_it_is_spelt_and_whoever_is_first()
    {
        var (one, other, third) = (await world.Order(), await world.Order(), await world.Order());
        var both = new[] { await Recorded(one, ByHand.BankTransfer, "Transfer 881"), await Recorded(other, ByHand.BankTransfer, " transfer  881 ") };
        await using (var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = any ($1) for update", new[] { one.Order.Value, other.Order.Value }))
        {
            var decisions = new[] { Decides(Sami, both[0]), Decides(Sami, both[1], node: 1) };
            await gate.OpenWhenWaiting(2);
            var answers = await Task.WhenAll(decisions);
            answers.Count(a => a.Granted).ShouldBe(1);
            answers.Single(a => !a.Granted).Refusal!.Code.ShouldBe("document_used");
        }
        (await one.Owes("bank") + await other.Owes("bank")).ShouldBe(-25_000);
        (await RecordSettlement.Run(world.Data(), Mona, third.Order, new(ByHand.BankTransfer, "TRANSFER 881", "The same transfer."), default)).Refusal!.Code.ShouldBe("document_used");
        (await RecordSettlement.Run(world.Data(), Mona, third.Order, new(ByHand.BankTransfer, " \t ", "None."), default)).Refusal!.Code.ShouldBe("document_missing");
        (await RecordSettlement.Run(world.Data(), Mona, third.Order, new(ByHand.Cash, "Transfer 881", "A receipt of the till."), default)).OrThrow();
    }

    [Fact]
    [Covers("M-22", "M-8")]
    public async Task One_paper_hands_over_one_refund()
    {
        var (one, other) = (await world.Order(), await world.Order());
        foreach (var deal in new[] { one, other }) await Decides(Sami, await Recorded(deal));
        var refunds = new[] { await one.Refunded(5_000), await other.Refunded(5_000) };
        var paper = $"Receipt {Guid.NewGuid():n}";
        var proposed = new List<ApprovalId>();
        foreach (var refund in refunds) proposed.Add((await RecordRefundPaid.Run(world.Data(), Sami, refund, new(paper, "Handed over."), default)).OrThrow().Id);
        (await Decides(Mona, proposed[0])).OrThrow();
        (await Decides(Mona, proposed[1])).Refusal!.Code.ShouldBe("document_used");
        (await ReadRefunds.Find(world.Data(), refunds[1], default))!.State.ShouldBe(RefundState.Pending);
        (await other.Owes("refunds_in_transit")).ShouldBe(5_000);
    }

    [Fact]
    [Covers("M-22", "money-69")]
    public async Task Who_buys_or_sells_neither_records_nor_approves_that_it_was_paid()
    {
        var deal = await world.Order();
        var id = await Recorded(deal);
        var all = new HashSet<string> { Permission.All };
        foreach (var party in new[] { deal.Customer, deal.Provider })
        {
            (await Decides(party with { Permissions = all }, id)).Refusal!.Code.ShouldBe("settlement_own");
            (await RecordSettlement.Run(world.Data(), party with { Permissions = all }, deal.Order, new(ByHand.Cash, "Receipt of mine", "I paid."), default)).Refusal!.Code.ShouldBe("settlement_own");
        }
        (await deal.Now()).State.ShouldBe(OrderState.Open);
    }

    [Fact]
    [Covers("M-22", "money-69")]
    public async Task What_was_proposed_by_somebody_who_may_not_any_more_is_not_approved()
    {
        var deal = await world.Order();
        var gone = await Guildhall.Tests.Money.Withdrawals.PayoutDesk.Account(world, $"{Guid.NewGuid():n}@example.test", "*");
        var id = (await RecordSettlement.Run(world.Data(), gone, deal.Order, new(ByHand.Cash, $"Receipt {Guid.NewGuid():n}", "Paid."), default)).OrThrow().Id;
        await world.Database.Execute("delete from identity.account_roles where account_id = $1", gone.AccountId!.Value);
        (await Decides(Sami, id)).Refusal!.Code.ShouldBe("approval_lapsed");
        (await deal.Now()).State.ShouldBe(OrderState.Open);
        (await Decides(Sami, id, ApprovalState.Rejected)).OrThrow().State.ShouldBe(ApprovalState.Rejected);
    }

    [Fact]
    [Covers("M-22")]
    public async Task One_proposal_is_open_for_an_order_and_only_who_made_it_withdraws_it()
    {
        var deal = await world.Order();
        var id = await Recorded(deal);
        (await RecordSettlement.Run(world.Data(), Sami, deal.Order, new RecordSettlement.Body(ByHand.Cash, "Receipt 19", "Me too."), default)).Refusal!.Code.ShouldBe("approval_waiting");
        (await Decides(Sami, id, ApprovalState.Withdrawn)).Refusal!.Code.ShouldBe("approval_not_yours");
        (await Decides(Mona, id, ApprovalState.Withdrawn)).OrThrow().State.ShouldBe(ApprovalState.Withdrawn);
        (await Decides(Sami, id)).Refusal!.Code.ShouldBe("approval_decided");
        (await Decides(MoneyWorld.Person(), await Recorded(deal))).Refusal!.Code.ShouldBe("approval_not_found");
    }
}
