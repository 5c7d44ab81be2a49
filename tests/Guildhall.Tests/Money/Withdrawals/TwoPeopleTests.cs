using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Tests.Money.Withdrawals;

public sealed class TwoPeopleTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await world.StartsAfresh();
        await world.ForgetsSettings();
    }

    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<(Caller Provider, WithdrawalView Asked)> Asked(long minor = 50_000)
    {
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));
        return (provider, (await world.Asks(provider, minor)).OrThrow());
    }

    [Theory]
    [InlineData("omar", "omar+staff")]
    [InlineData("Omar.K", "omark+x", "gmail.com", "googlemail.com")]
    [Covers("money-69")]
    public async Task A_second_account_of_the_same_mailbox_decides_nothing(string one, string other, string domain = "example.test", string otherDomain = "example.test")
    {
        var (provider, asked) = await Asked();
        await world.Database.Execute("""
            insert into identity.accounts (id, email, email_key, display_name, language, zone, password_hash, state, created_at, email_verified_at, changed_at)
            values ($1, $2, lower($2), 'Omar', 'en', 'UTC', 'x', 'active', now(), now(), now())
            """, provider.AccountId!.Value, $"{one}@{domain}");
        var second = await world.Account($"{other}@{otherDomain}", "*");
        (await world.Approves(asked, second)).Refusal!.Code.ShouldBe("withdrawal_own");
        (await RejectWithdrawal.Run(world.Data(), second, asked.Id, asked.Revision, "No.", default)).Refusal!.Code.ShouldBe("withdrawal_own");
    }

    [Fact]
    [Covers("money-69")]
    public async Task Whoever_said_where_the_money_goes_decides_nothing()
    {
        var (_, asked) = await Asked();
        var clerk = MoneyWorld.Person("*");
        await world.Database.Execute("update money.destinations set changed_by = $2 where id = (select destination_id from money.withdrawals where id = $1)", asked.Id.Value, clerk.AccountId!.Value);
        (await world.Approves(asked, clerk)).Refusal!.Code.ShouldBe("withdrawal_own");
    }

    [Fact]
    [Covers("M-13", "money-69")]
    public async Task Above_an_amount_two_people_approve_and_one_of_them_twice_is_one()
    {
        await world.Says(MoneySettings.SecondApproval, "KWD 49.990");
        var (_, asked) = await Asked();
        var (first, sameMailbox) = (await world.Account("rana@example.test", "*"), await world.Account("rana+2@example.test", "*"));
        var once = (await world.Approves(asked, first)).OrThrow();
        (once.State, once.FirstApprovedAt is null, once.Revision).ShouldBe((WithdrawalState.Pending, false, asked.Revision + 1));
        (await world.Approves(asked, first)).OrThrow().State.ShouldBe(WithdrawalState.Pending); // a repeat of the same
        (await world.Approves(once, first)).Refusal!.Code.ShouldBe("withdrawal_needs_another");
        (await world.Approves(once, sameMailbox)).Refusal!.Code.ShouldBe("withdrawal_needs_another");
        (await world.Approves(asked, MoneyWorld.Staff)).Refusal!.Code.ShouldBe("withdrawal_changed_meanwhile");
        (await world.Approves(once, MoneyWorld.Staff)).OrThrow();
        await world.Becomes(asked.Id, WithdrawalState.Completed);
        var behindTheCode = () => world.Database.Execute("update money.withdrawals set decided_by = first_by where id = $1", asked.Id.Value);
        (await Should.ThrowAsync<Npgsql.PostgresException>(behindTheCode)).SqlState.ShouldBe("23514");
    }

    [Theory, InlineData(true), InlineData(false)]
    [Covers("M-13", "money-69")]
    public async Task The_first_approval_of_somebody_who_may_not_decide_any_more_counts_no_more(bool suspended)
    {
        await world.Says(MoneySettings.SecondApproval, "KWD 10.000");
        var (_, asked) = await Asked();
        var gone = await world.Account($"{Guid.NewGuid():n}@example.test", "*");
        var once = (await world.Approves(asked, gone)).OrThrow();
        if (suspended) await world.Suspends(gone);
        else await world.Database.Execute("delete from identity.account_roles where account_id = $1", gone.AccountId!.Value);
        var again = (await world.Approves(once, MoneyWorld.Staff)).OrThrow();
        (again.State, again.Payout).ShouldBe((WithdrawalState.Pending, null));
        (await world.Approves(again, MoneyWorld.Staff)).Refusal!.Code.ShouldBe("withdrawal_needs_another");
        (await world.Approves(again, MoneyWorld.Person("*"))).OrThrow();
        await world.Becomes(asked.Id, WithdrawalState.Completed);
    }

    [Fact]
    [Covers("M-13")]
    public async Task Two_first_approvals_at_once_are_one_first_approval_and_no_payout()
    {
        await world.Says(MoneySettings.SecondApproval, "KWD 10.000");
        var (_, asked) = await Asked();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.withdrawals where id = $1 for update", asked.Id.Value);
        var approvals = new[] { world.Approves(asked, MoneyWorld.Person("*")), world.Approves(asked, MoneyWorld.Person("*"), 1) };
        await gate.OpenWhenWaiting(2);
        var answers = await Task.WhenAll(approvals);
        answers.Count(a => a.Granted).ShouldBe(1);
        answers.Single(a => !a.Granted).Refusal!.Code.ShouldBe("withdrawal_changed_meanwhile");
        (await world.Database.Count("money.payouts where withdrawal_id = $1", asked.Id.Value)).ShouldBe(0);
        (await WithdrawalEvents.Of(world.Data(), asked.Id, default)).Select(e => e.Kind).ShouldBe(["requested", "approved_once"]);
    }
}
