using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Tests.Money.Withdrawals;

public sealed class DecideWithdrawalTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<(Caller Provider, WithdrawalView Asked)> Asked()
    {
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));
        return (provider, (await RequestWithdrawal.Run(world.Data(), world.Rails, provider, new Amount(85_000, MoneyWorld.Kwd), default)).OrThrow());
    }

    private Task<Result<WithdrawalView>> Approves(Caller who, WithdrawalView w, int node = 0) => ApproveWithdrawal.Run(world.Data(node), world.Rails, who, w.Id, w.Revision, default);
    private Task<Result<WithdrawalView>> Rejects(Caller who, WithdrawalView w, int node = 0) => RejectWithdrawal.Run(world.Data(node), who, w.Id, w.Revision, "Not this one.", default);
    private Task<Result<WithdrawalView>> Cancels(Caller who, WithdrawalView w, int node = 0) => CancelWithdrawal.Run(world.Data(node), who, w.Id, default);
    private Task<Gate> Closed(WithdrawalView w) => Gate.Close(world.Database, "select 1 from money.withdrawals where id = $1 for update", w.Id.Value);

    [Fact]
    [Covers("M-12", "money-68")]
    public async Task Two_people_who_approve_at_once_make_one_payout()
    {
        var (_, asked) = await Asked();
        await using var gate = await Closed(asked);
        var approvals = new[] { Approves(MoneyWorld.Staff, asked), Approves(MoneyWorld.Person("*"), asked, 1) };
        await gate.OpenWhenWaiting(2);
        (await Task.WhenAll(approvals)).ShouldAllBe(a => a.Granted || a.Refusal!.Code == "withdrawal_not_pending");
        await world.Becomes(asked.Id, WithdrawalState.Completed);
        (await world.Database.Count("money.payouts where withdrawal_id = $1", asked.Id.Value)).ShouldBe(1);
        (await world.Database.Count("foundation.audit where subject_id = $1 and action = 'withdrawal.approved'", asked.Id.ToString())).ShouldBe(1);
    }

    [Fact]
    public async Task Of_an_approval_a_rejection_and_a_cancellation_at_once_one_wins()
    {
        var (provider, asked) = await Asked();
        await using var gate = await Closed(asked);
        var decisions = new[] { Approves(MoneyWorld.Staff, asked), Rejects(MoneyWorld.Person("*"), asked, 1), Cancels(provider, asked) };
        await gate.OpenWhenWaiting(3);
        var answers = await Task.WhenAll(decisions);
        answers.Count(a => a.Granted).ShouldBe(1);
        answers.Where(a => !a.Granted).ShouldAllBe(a => a.Refusal!.Code == "withdrawal_not_pending");
        await world.SettlesDown();
        (await world.Books.Has(provider, "provider_reserved")).ShouldBe(0);
    }

    [Fact]
    [Covers("money-69")]
    public async Task Nobody_decides_on_a_withdrawal_of_their_own()
    {
        var (provider, asked) = await Asked();
        var alsoStaff = provider with { Permissions = MoneyWorld.Staff.Permissions };
        (await Approves(alsoStaff, asked)).Refusal!.Code.ShouldBe("withdrawal_own");
        (await Rejects(alsoStaff, asked)).Refusal!.Code.ShouldBe("withdrawal_own");
        var behindTheCode = () => world.Database.Execute("update money.withdrawals set state = 'approved', decided_by = requested_by where id = $1", asked.Id.Value);
        (await Should.ThrowAsync<Npgsql.PostgresException>(behindTheCode)).SqlState.ShouldBe("23514");
        var byNobody = () => world.Database.Execute("update money.withdrawals set state = 'approved' where id = $1", asked.Id.Value);
        (await Should.ThrowAsync<Npgsql.PostgresException>(byNobody)).SqlState.ShouldBe("23514");
    }

    [Fact]
    public async Task A_decision_is_bound_to_what_the_person_saw()
    {
        var (_, asked) = await Asked();
        (await Approves(MoneyWorld.Staff, asked with { Revision = asked.Revision + 1 })).Refusal!.Code.ShouldBe("withdrawal_changed_meanwhile");
        (await Approves(MoneyWorld.Staff, asked with { Id = new WithdrawalId(Guid.NewGuid()) })).Refusal!.Code.ShouldBe("withdrawal_not_found");
    }

    [Fact]
    public async Task A_rejection_gives_the_money_back_once_and_says_why()
    {
        var (provider, asked) = await Asked();
        (await RejectWithdrawal.Run(world.Data(), MoneyWorld.Staff, asked.Id, asked.Revision, "", default)).Refusal!.Code.ShouldBe("reason_missing");
        for (var i = 0; i < 2; i++) (await Rejects(MoneyWorld.Staff, asked)).OrThrow().Says.ShouldContain("Not this one.");
        (await world.Books.Has(provider)).ShouldBe(85_000);
        (await Approves(MoneyWorld.Staff, asked)).Refusal!.Code.ShouldBe("withdrawal_not_pending");
        (await Cancels(provider, asked)).Refusal!.Code.ShouldBe("withdrawal_not_pending");
    }

    [Fact]
    public async Task A_cancellation_by_the_provider_gives_the_money_back_once_and_is_nobody_else_s()
    {
        var (provider, asked) = await Asked();
        (await Cancels(await world.Provider(), asked)).Refusal!.Code.ShouldBe("withdrawal_not_found");
        for (var i = 0; i < 2; i++) (await Cancels(provider, asked)).OrThrow().State.ShouldBe(WithdrawalState.Cancelled);
        (await world.Books.Has(provider)).ShouldBe(85_000);
        (await Approves(MoneyWorld.Staff, asked)).Refusal!.Code.ShouldBe("withdrawal_not_pending");
    }
}
