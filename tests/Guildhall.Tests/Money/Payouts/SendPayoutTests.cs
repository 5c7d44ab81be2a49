using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Tests.Money.Payouts;

public sealed class SendPayoutTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    private const long All = 85_000;

    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private Task<Guildhall.Foundation.Security.Caller> Provider() => world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));

    private async Task<PayoutId> PayoutOf(WithdrawalId withdrawal) => new(await world.Database.Value<Guid>("select id from money.payouts where withdrawal_id = $1", withdrawal.Value));

    private async Task<IReadOnlyList<JsonElement>> Did(string kind, PayoutId payout) =>
        [.. (await world.Gateway.Did(kind)).Where(e => e.GetProperty("metadata").TryGetProperty("payout_id", out var id) && string.Equals(id.GetString(), payout.ToString(), StringComparison.Ordinal))];

    private async Task SentOnce(WithdrawalId withdrawal)
    {
        var payout = await PayoutOf(withdrawal);
        (await Did("transfers", payout)).Count.ShouldBe(1);
        (await Did("payouts", payout)).Count.ShouldBe(1);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    [Covers("money-72")]
    public async Task A_payout_whose_answers_are_lost_is_unknown_and_sent_once(int lost)
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = lost }, dropWebhooks = 100 });
        var withdrawal = await world.Withdraws(provider, All);
        for (var i = 0; i < 6; i++)
        {
            await world.JobsAreDone();
            await world.Clock.Passes(2.Minutes());
        }
        await world.Becomes(withdrawal, WithdrawalState.Completed);
        await SentOnce(withdrawal);
        (await world.Books.Has(provider)).ShouldBe(0);
    }

    [Fact]
    [Covers("money-72")]
    public async Task Money_that_was_moved_is_not_moved_again_when_the_payout_after_it_is_not_answered_for_longer_than_the_gateway_remembers()
    {
        var provider = await Provider();
        world.Wire.Cuts("POST /v1/payouts");
        var withdrawal = await world.Withdraws(provider, All);
        await world.Becomes(withdrawal, WithdrawalState.Unknown);
        await world.Clock.Passes(25.Hours());
        await world.JobsAreDone();
        world.Wire.Before = null;
        await world.Clock.Passes(2.Hours());
        await world.Becomes(withdrawal, WithdrawalState.Completed);
        await SentOnce(withdrawal);
    }

    [Fact]
    [Covers("money-68")]
    public async Task Two_workers_with_the_same_payout_send_it_once()
    {
        var provider = await Provider();
        var asked = (await RequestWithdrawal.Run(world.Data(), world.Rails, provider, new Amount(All, MoneyWorld.Kwd), default)).OrThrow();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.balances b join money.accounts a on a.id = b.account_id where a.owner_id = $1 for update of b", provider.AccountId!.Value);
        (await ApproveWithdrawal.Run(world.Data(), world.Rails, MoneyWorld.Staff, asked.Id, asked.Revision, default)).OrThrow();
        var payout = await PayoutOf(asked.Id);
        await world.Data(1).InTransaction(tx => tx.Enqueue(new SendPayout(payout))); // the same work, without its unique key
        await gate.OpenWhenWaiting(2);
        await world.Becomes(asked.Id, WithdrawalState.Completed);
        await SentOnce(asked.Id);
        (await world.Database.Count("money.journals where reference = $1", $"payout:{payout}")).ShouldBe(1);
    }

    [Fact]
    [Covers("money-71")]
    public async Task A_provider_who_owes_since_the_approval_is_not_paid_until_it_is_made_up()
    {
        var provider = await world.Provider();
        var first = await world.Order(provider: provider);
        await first.PaidAndReleased();
        var asked = (await RequestWithdrawal.Run(world.Data(), world.Rails, provider, new Amount(21_250, MoneyWorld.Kwd), default)).OrThrow();
        await first.Becomes(await first.Refunded(), Guildhall.Money.Refunds.RefundState.Completed);
        (await ApproveWithdrawal.Run(world.Data(), world.Rails, MoneyWorld.Staff, asked.Id, asked.Revision, default)).OrThrow();
        await world.JobsAreDone();
        (await world.Becomes(asked.Id, WithdrawalState.Approved)).PayoutReference.ShouldBeNull();
        (await Did("transfers", await PayoutOf(asked.Id))).ShouldBeEmpty();

        await (await world.Order(provider: provider)).PaidAndReleased();
        await world.Clock.Passes(2.Hours());
        await world.Becomes(asked.Id, WithdrawalState.Completed);
        (await world.Books.Has(provider)).ShouldBe(0);
    }

    [Fact]
    public async Task A_destination_that_the_gateway_refuses_gives_the_money_back()
    {
        var provider = await Provider();
        world.Wire.Answers("POST /v1/accounts", 400, new { error = new { type = "invalid_request_error", code = "account_invalid", message = "No." } });
        var withdrawal = await world.Withdraws(provider, All);
        (await world.Becomes(withdrawal, WithdrawalState.Failed)).Says.ShouldContain("back in your balance");
        (await world.Books.Has(provider)).ShouldBe(All);
        (await world.Books.Has(provider, "provider_reserved")).ShouldBe(0);
    }

    [Fact]
    [Covers("money-73")]
    public async Task A_payout_that_fails_is_credited_again_and_its_money_taken_back_from_the_destination()
    {
        await using var mock = await StrictMock.Of("stripe");
        world.Wire.Before = mock.Sees;
        var provider = await Provider();
        await world.Gateway.FailsPayouts();
        var withdrawal = await world.Withdraws(provider, All);
        (await world.Becomes(withdrawal, WithdrawalState.Failed)).Says.ShouldContain("account has been closed");
        (await mock.Refused()).ShouldBeEmpty();
        (await mock.NeededBy("POST /v1/transfers")).ShouldBe(["currency", "destination"], ignoreOrder: true);
        (await mock.NeededBy("POST /v1/payouts")).ShouldBe(["amount", "currency"], ignoreOrder: true);
        (await world.Books.Has(provider)).ShouldBe(All);
        await TakenBackOnce(withdrawal);
    }

    [Fact]
    [Covers("money-73")]
    public async Task A_payout_that_comes_back_days_later_is_credited_once_however_often_it_is_told()
    {
        var provider = await Provider();
        var withdrawal = await world.Withdraws(provider, All);
        await world.Becomes(withdrawal, WithdrawalState.Completed);
        await world.Clock.Passes(3.Days());
        var payout = await PayoutOf(withdrawal);
        await world.Sandbox.Post($"/sandbox/stripe/payouts/{(await Did("payouts", payout))[0].GetProperty("id").GetString()}/return");
        await world.Becomes(withdrawal, WithdrawalState.Returned);
        foreach (var failed in (await world.Gateway.Did("events")).Where(e => e.GetProperty("type").GetString() is "payout.failed"))
            await world.Sandbox.Post($"/sandbox/stripe/events/{failed.GetProperty("id").GetString()}/resend");
        await world.Learns(StripeEvent.Payout(payout, "failed", All, id: (await Did("payouts", payout))[0].GetProperty("id").GetString()));
        await world.Learns(StripeEvent.Payout(payout, "paid", All, id: (await Did("payouts", payout))[0].GetProperty("id").GetString()));
        (await world.Books.Has(provider)).ShouldBe(All);
        await TakenBackOnce(withdrawal);
        (await world.Database.Count("messaging.notices where person_id = $1 and template = 'payout_returned'", provider.AccountId!.Value)).ShouldBe(1);
    }

    private async Task TakenBackOnce(WithdrawalId withdrawal)
    {
        var payout = await PayoutOf(withdrawal);
        await Eventually.True(async () => (await Did("transfers", payout))[0].GetProperty("reversed").GetBoolean(), "The transfer was not taken back.");
        (await Did("transfers", payout))[0].GetProperty("amount_reversed").GetInt64().ShouldBe(All);
    }

    [Fact]
    public async Task A_transfer_that_was_taken_back_long_ago_counts_as_taken_back()
    {
        var provider = await Provider();
        await world.Gateway.FailsPayouts();
        var withdrawal = await world.Withdraws(provider, All);
        await world.Becomes(withdrawal, WithdrawalState.Failed);
        await TakenBackOnce(withdrawal);
        await world.Clock.Passes(25.Hours());
        var payout = await PayoutOf(withdrawal);
        await world.Data().InTransaction(tx => tx.Enqueue(new TakeBackPayout(payout)));
        await world.JobsAreDone();
        (await world.Database.Column<string>("select coalesce(last_error, state) from foundation.jobs where kind = 'take_back_payout' and payload ->> 'payout' = $1", payout.ToString())).ShouldBeEmpty();
        await TakenBackOnce(withdrawal);
    }

    [Fact]
    public async Task A_reason_too_long_for_a_message_does_not_keep_the_money_from_being_booked()
    {
        var provider = await Provider();
        var withdrawal = await world.Withdraws(provider, All);
        await world.Becomes(withdrawal, WithdrawalState.Completed);
        var payout = await PayoutOf(withdrawal);
        (await world.Learns(StripeEvent.Payout(payout, "failed", All, why: new string('x', 3000), id: (await Did("payouts", payout))[0].GetProperty("id").GetString()))).ShouldBe("done");
        (await world.Books.Has(provider)).ShouldBe(All);
    }
}
