using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Refunds;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Tests.Money.Withdrawals;

/// <summary>What changed between the approval and the sending holds a withdrawal.</summary>
public sealed class HeldTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await world.StartsAfresh();
        await world.ForgetsSettings();
    }

    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private Task<Caller> Provider() => world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));

    private Task<Result<WithdrawalView>> Resumes(WithdrawalView seen, bool waive = false, Caller? who = null, int node = 0) =>
        ResumeWithdrawal.Run(world.Data(node), world.Rails, who ?? MoneyWorld.Staff, seen.Id, new ResumeWithdrawal.Body(seen.Revision, waive, "Looked at."), default);

    private Task<Result<WithdrawalView>> Rejects(WithdrawalView seen) => RejectWithdrawal.Run(world.Data(), MoneyWorld.Staff, seen.Id, seen.Revision, "Ask again.", default);

    private async Task<(Caller Provider, WithdrawalView Held)> HeldBy(Hold hold, Func<Caller, Task> before)
    {
        var provider = await Provider();
        var asked = (await world.Asks(provider, 50_000)).OrThrow();
        await before(provider);
        (await world.Approves(asked)).OrThrow();
        return (provider, await world.BecomesHeld(asked.Id, hold));
    }

    private async Task NothingWasSent(WithdrawalView held) => (await world.Gateway.Did("transfers"))
        .ShouldNotContain(t => t.GetProperty("metadata").GetProperty("payout_id").GetString() == held.Payout!.Value.ToString());

    private async Task SentOnce(WithdrawalView held) => (await world.Gateway.Did("transfers"))
        .Count(t => t.GetProperty("metadata").GetProperty("payout_id").GetString() == held.Payout!.Value.ToString()).ShouldBe(1);

    [Fact]
    [Covers("money-77")]
    public async Task A_suspended_provider_is_not_paid_until_reactivated()
    {
        var (provider, held) = await HeldBy(Hold.ProviderSuspended, p => world.Suspends(p));
        held.Says.ShouldContain("suspended");
        (await Resumes(held)).Refusal!.Code.ShouldBe("withdrawal_still_held");
        (await Resumes(held, waive: true)).Refusal!.Code.ShouldBe("withdrawal_still_held");
        await NothingWasSent(held);
        await world.Suspends(provider, on: false);
        (await Resumes(held)).OrThrow();
        await world.Becomes(held.Id, WithdrawalState.Completed);
        await SentOnce(held);
    }

    [Fact]
    [Covers("money-76")]
    public async Task Bank_details_changed_after_the_request_hold_it_for_good()
    {
        var (provider, held) = await HeldBy(Hold.DestinationChanged, p => world.Bank(p));
        (await Resumes(held)).Refusal!.Code.ShouldBe("withdrawal_still_held");
        (await Rejects(held with { Revision = held.Revision - 1 })).Refusal!.Code.ShouldBe("withdrawal_changed_meanwhile");
        for (var i = 0; i < 2; i++) (await Rejects(held)).OrThrow().State.ShouldBe(WithdrawalState.Rejected);
        (await world.Books.Has(provider)).ShouldBe(85_000);
        (await world.Database.Value<string>("select state from money.payouts where id = $1", held.Payout!.Value.Value)).ShouldBe("stopped");
        await world.Clock.Passes(2.Hours());
        await world.JobsAreDone();
        await NothingWasSent(held);
        (await WithdrawalEvents.Of(world.Data(), held.Id, default)).Select(e => e.Kind).ShouldBe(["requested", "approved", "held", "rejected"]);
    }

    [Fact]
    [Covers("money-71")]
    public async Task A_provider_who_owes_may_be_refused_and_then_owes_less()
    {
        var provider = await world.Provider();
        var sale = await world.Order(provider: provider);
        await sale.PaidAndReleased();
        var asked = (await world.Asks(provider, 21_250)).OrThrow();
        await sale.Becomes(await sale.Refunded(), RefundState.Completed);
        (await world.Approves(asked)).OrThrow();
        var held = await world.BecomesHeld(asked.Id, Hold.ProviderOwes);
        (await Resumes(held)).Refusal!.Code.ShouldBe("withdrawal_still_held");
        (await Rejects(held)).OrThrow();
        (await world.Books.Has(provider)).ShouldBe(0);
        (await world.Books.Has(provider, "provider_reserved")).ShouldBe(0);
    }

    [Fact]
    [Covers("M-13", "money-71")]
    public async Task A_limit_lowered_meanwhile_holds_it_and_may_be_waived_by_staff()
    {
        var (provider, held) = await HeldBy(Hold.OverMaximum, _ => world.Says(MoneySettings.WithdrawalMaximum, "KWD 49.000"));
        (await Resumes(held)).Refusal!.Code.ShouldBe("withdrawal_still_held");
        (await Resumes(held, waive: true, provider with { Permissions = MoneyWorld.Staff.Permissions })).Refusal!.Code.ShouldBe("withdrawal_own");
        (await Resumes(held, waive: true)).OrThrow();
        await world.Becomes(held.Id, WithdrawalState.Completed);
    }

    [Fact]
    [Covers("M-13")]
    public async Task What_is_above_the_limit_of_the_day_goes_when_the_day_has_room_again()
    {
        var provider = await Provider();
        await world.Becomes(await world.Withdraws(provider, 30_000), WithdrawalState.Completed);
        var asked = (await world.Asks(provider, 30_000)).OrThrow();
        await world.Says(MoneySettings.WithdrawalPerDay, "KWD 40.000");
        (await world.Approves(asked)).OrThrow();
        var held = await world.BecomesHeld(asked.Id, Hold.OverDailyLimit);
        await NothingWasSent(held);
        await world.Clock.Passes(25.Hours());
        await world.Becomes(asked.Id, WithdrawalState.Completed);
    }

    [Fact]
    [Covers("money-73")]
    public async Task Bank_details_from_which_money_came_back_are_not_used_before_they_are_confirmed()
    {
        var provider = await Provider();
        await world.Gateway.FailsPayouts();
        await world.Becomes(await world.Withdraws(provider, 20_000), WithdrawalState.Failed);
        await world.Gateway.AnswersAsUsual();
        (await SetDestination.Find(world.Data(), provider.AccountId!.Value, default))!.ToConfirm.ShouldBeTrue();
        (await world.Asks(provider, 20_000)).Refusal!.Code.ShouldBe("destination_unconfirmed");
        for (var i = 0; i < 2; i++) (await ConfirmDestination.Run(world.Data(), provider, default)).OrThrow().ToConfirm.ShouldBeFalse();
        await world.Becomes(await world.Withdraws(provider, 20_000), WithdrawalState.Completed);
    }

    [Fact]
    [Covers("money-68")]
    public async Task Staff_who_want_it_now_on_two_nodes_while_the_schedule_wants_it_too_send_it_once()
    {
        var (provider, held) = await HeldBy(Hold.ProviderSuspended, p => world.Suspends(p));
        await world.Suspends(provider, on: false);
        await using (var gate = await Gate.Close(world.Database, "select 1 from money.withdrawals where id = $1 for update", held.Id.Value))
        {
            var resumed = new[] { Resumes(held), Resumes(held, node: 1) };
            await world.Clock.Passes(2.Hours()); // the hourly look is due as well
            await gate.OpenWhenWaiting(2);
            (await Task.WhenAll(resumed)).ShouldAllBe(r => r.Granted || r.Refusal!.Code == "withdrawal_not_held");
        }
        await world.Becomes(held.Id, WithdrawalState.Completed);
        await SentOnce(held);
        (await world.Database.Count("money.journals where reference = $1", $"payout:{held.Payout}")).ShouldBe(1);
    }

    [Fact]
    [Covers("M-13")]
    public async Task Stripe_is_given_the_bank_account_and_nobody_else()
    {
        var provider = await Provider();
        var withdrawal = await world.Withdraws(provider, 20_000);
        await world.Becomes(withdrawal, WithdrawalState.Completed);
        var destination = await world.Database.Value<Guid>("select destination_id from money.withdrawals where id = $1", withdrawal.Value);
        var account = (await world.Gateway.Did("accounts")).Single(a => a.GetProperty("metadata").TryGetProperty("destination_id", out var id) && id.GetString() == new DestinationId(destination).ToString());
        var bank = account.GetProperty("external_accounts").GetProperty("data")[0];
        (bank.GetProperty("last4").GetString(), bank.GetProperty("account_holder_name").GetString(), bank.GetProperty("country").GetString(), bank.GetProperty("currency").GetString())
            .ShouldBe(("0101", "Omar Provider", "KW", "kwd"));
        const string Number = "KW81CBKU0000000000001234560101";
        foreach (var table in new[] { "money.destinations", "money.destination_accounts", "money.withdrawal_events", "foundation.audit", "foundation.jobs", "messaging.notices", "foundation.idempotency" })
            (await world.Database.Count($"{table} t where t::text like '%{Number[^10..]}%' or t::text like '%' || encode('{Number}'::bytea, 'hex') || '%'")).ShouldBe(0, table);
    }
}
