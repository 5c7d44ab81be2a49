using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Approvals;
using Guildhall.Money.Balances;
using Guildhall.Money.Refunds;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Money.Disputes;

namespace Guildhall.Tests.Money.Balances;

public sealed class WriteOffDebtTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private static Amount Kwd(long minor) => new(minor, MoneyWorld.Kwd);

    private async Task<Deal> WhoOwes()
    {
        var deal = await world.Order();
        await deal.PaidAndReleased();
        await world.Becomes(await world.Withdraws(deal.Provider, 21_250), WithdrawalState.Completed);
        await deal.Becomes(await deal.Refunded(), RefundState.Completed);
        (await deal.ProviderHas()).ShouldBe(-21_250);
        return deal;
    }

    private Task<Result<ApprovalView>> Decides(ApprovalId id, Caller caller) =>
        DecideApproval.Run(world.Data(), world.Get<ApprovalBook>(), caller, id, ApprovalState.Approved, null, default);

    [Fact]
    [Covers("M-12")]
    public async Task A_debt_is_explained_and_given_up_only_by_two_others_and_never_more_than_is_owed()
    {
        var deal = await WhoOwes();
        var shown = (await ReadBalance.Run(world.Data(), deal.Provider.AccountId!.Value, default)).Balances.ShouldHaveSingleItem();
        (shown.Owes.Minor, shown.Says).ShouldBe((21_250, "21.250 KWD is owed to the platform after a refund, a dispute or a fee. The next earnings make it up; until then nothing can be withdrawn."));

        var first = MoneyWorld.Person("debt.write_off", "approval.decide");
        Task<Result<ApprovalView>> Proposes(Caller who, long minor) => WriteOffDebt.Run(world.Data(), who, deal.Provider.AccountId!.Value, new(Kwd(minor), "Left the country."), default);
        (await Proposes(first, 21_260)).Refusal!.Code.ShouldBe("write_off_too_large");
        var proposal = (await Proposes(first, 20_000)).OrThrow();
        (await Decides(proposal.Id, first)).Refusal!.Code.ShouldBe("approval_own");
        (await Decides(proposal.Id, deal.Provider with { Permissions = first.Permissions })).Refusal!.Code.ShouldBe("write_off_own");
        var second = MoneyWorld.Person("debt.write_off", "approval.decide");
        for (var twice = 0; twice < 2; twice++) (await Decides(proposal.Id, second)).OrThrow().State.ShouldBe(ApprovalState.Approved);
        (await deal.ProviderHas()).ShouldBe(-1_250);

        var late = (await Proposes(first, 1_250)).OrThrow();
        await (await world.Order(provider: deal.Provider)).PaidAndReleased(); // earned meanwhile
        (await Decides(late.Id, second)).Refusal!.Code.ShouldBe("write_off_too_large");
        (await deal.ProviderHas()).ShouldBe(20_000);
    }

    [Fact]
    [Covers("money-31", "M-12")]
    public async Task The_exposure_report_says_what_would_be_lost_and_who_owes_it()
    {
        var owes = await WhoOwes();
        var disputed = await world.Order();
        var payment = await disputed.PaidAndReleased();
        var quarrel = await disputed.IsDisputed(payment, 10_000);
        await quarrel.Becomes(Guildhall.Money.Disputes.DisputeState.NeedsResponse);
        await world.JobsAreDone();
        var report = await ReportExposure.Run(world.Data(), default);
        ReportExposure.Row Of(Deal deal) => report.Rows.Single(r => r.Provider == deal.Provider.AccountId);
        (Of(owes).Owed.Minor, Of(owes).Uncovered.Minor).ShouldBe((21_250, 21_250));
        var row = Of(disputed);
        (row.Owed.Minor, row.Disputed.Minor, row.Disputable.Minor, row.Held.Minor, row.Uncovered.Minor).ShouldBe((0, 8_500, 12_750, 12_750, 0));
        var csv = await world.As(MoneyWorld.Person("payment.view")).Get("admin/exposure.csv");
        csv.Status.ShouldBe(200);
        csv.Text.ShouldContain($"{owes.Provider.AccountId},KWD,21.250,0.000,0.000,0.000,21.250");
        (await world.As(owes.Provider).Get("admin/exposure")).Status.ShouldBe(403);
    }
}
