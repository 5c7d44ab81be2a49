using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Tests.Money.Withdrawals;

public sealed class LimitsTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await world.StartsAfresh();
        await world.ForgetsSettings();
    }

    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private Task<Caller> Provider() => world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));

    [Fact]
    [Covers("M-13", "money-79")]
    public async Task A_fee_is_frozen_when_it_is_asked_for_and_items_and_fees_are_what_was_debited()
    {
        await world.Says(MoneySettings.PayoutFee, "KWD 0.250");
        var provider = await Provider();
        var asked = (await world.Asks(provider, 20_250)).OrThrow();
        await world.Says(MoneySettings.PayoutFee, "KWD 1.000");
        (asked.Fee.Minor, asked.Net.Minor, await world.Books.Has(provider)).ShouldBe((250, 20_000, 64_750));
        (await world.Approves(asked)).OrThrow();
        await world.Becomes(asked.Id, WithdrawalState.Completed);
        await world.SettlesDown();
        (await Sum("payout_fee")).ShouldBe(250);
        (await world.Database.Value<long>("""
            select -sum(e.minor)::bigint from money.entries e join money.journals j on j.id = e.journal_id join money.accounts a on a.id = e.account_id
            where j.kind = 'payout_completed' and a.kind = 'gateway_clearing' and j.reference like '%' || $1
            """,
            asked.Payout?.ToString() ?? (await world.Now(asked.Id)).Payout!.Value.ToString())).ShouldBe(20_000);
    }

    private Task<long> Sum(string account) => world.Database.Value<long>(
        "select coalesce(-sum(e.minor), 0)::bigint from money.entries e join money.accounts a on a.id = e.account_id where a.kind = $1 and a.currency = 'KWD'", account);

    [Fact]
    [Covers("money-79", "money-73")]
    public async Task A_fee_comes_back_with_the_money_that_did_not_arrive()
    {
        await world.Says(MoneySettings.PayoutFee, "KWD 0.250");
        var provider = await Provider();
        var before = await Sum("payout_fee");
        await world.Gateway.FailsPayouts();
        await world.Becomes(await world.Withdraws(provider, 20_250), WithdrawalState.Failed);
        (await world.Books.Has(provider)).ShouldBe(85_000);
        (await Sum("payout_fee")).ShouldBe(before);
    }

    [Theory]
    [InlineData("KWD 0.500", 500, "withdrawal_too_small")] // the fee eats it
    [InlineData("KWD 0.500", 505, "amount_not_representable")] // what is left is no multiple of what the rail can move
    [InlineData("KWD 0.505", 515, null)]
    [Covers("money-79")]
    public async Task What_the_fee_leaves_has_to_be_something_the_rail_can_move(string fee, long minor, string? code)
    {
        await world.Says(MoneySettings.PayoutFee, fee);
        (await world.Asks(await Provider(), minor)).Refusal?.Code.ShouldBe(code);
    }

    [Theory]
    [InlineData(9_990, "withdrawal_too_small")]
    [InlineData(10_000, null)]
    [InlineData(50_000, null)]
    [InlineData(50_010, "withdrawal_too_large")]
    [Covers("M-13", "money-79")]
    public async Task Limits_hold_to_the_minor_unit(long minor, string? code)
    {
        await world.Says(MoneySettings.WithdrawalMinimum, "USD 1.00, KWD 10.000");
        await world.Says(MoneySettings.WithdrawalMaximum, "KWD 50.000");
        (await world.Asks(await Provider(), minor)).Refusal?.Code.ShouldBe(code);
    }

    [Fact]
    [Covers("M-13")]
    public async Task The_limit_of_a_day_is_any_24_hours_and_what_came_back_does_not_count()
    {
        await world.Says(MoneySettings.WithdrawalPerDay, "KWD 30.000");
        var provider = await Provider();
        var first = (await world.Asks(provider, 20_000)).OrThrow();
        (await world.Asks(provider, 10_010)).Refusal!.ShouldSatisfyAllConditions(r => r.Code.ShouldBe("withdrawal_daily_limit"), r => r.Details!["left"].ShouldBe(new Amount(10_000, MoneyWorld.Kwd)));
        await world.Clock.Passes(23.Hours());
        (await world.Asks(provider, 10_010)).Granted.ShouldBeFalse();
        (await CancelWithdrawal.Run(world.Data(), provider, first.Id, default)).OrThrow();
        (await world.Asks(provider, 30_000)).OrThrow();
        (await world.Asks(provider, 10)).Granted.ShouldBeFalse();
        await world.Clock.Passes(24.Hours());
        (await world.Asks(provider, 30_000)).OrThrow();
    }

    [Fact]
    [Covers("M-13", "money-57")]
    public async Task The_limit_of_a_day_is_not_passed_by_asking_at_once()
    {
        await world.Says(MoneySettings.WithdrawalPerDay, "KWD 30.000");
        var provider = await Provider();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.balances b join money.accounts a on a.id = b.account_id where a.owner_id = $1 for update of b", provider.AccountId!.Value);
        var asked = Enumerable.Range(0, 10).Select(i => world.Asks(provider, 10_000, i % 2)).ToArray();
        await gate.OpenWhenWaiting(8);
        var answers = await Task.WhenAll(asked);
        answers.Count(a => a.Granted).ShouldBe(3);
        answers.Where(a => !a.Granted).ShouldAllBe(a => a.Refusal!.Code == "withdrawal_daily_limit");
    }

    [Fact]
    [Covers("M-13", "money-76")]
    public async Task Bank_details_have_to_be_of_an_age()
    {
        await world.Says(MoneySettings.DestinationAgeHours, 48);
        var provider = await Provider();
        (await world.Asks(provider, 10_000)).Refusal!.Code.ShouldBe("destination_cooling_off");
        await world.Clock.Passes(48.Hours());
        (await world.Asks(provider, 10_000)).OrThrow();
    }

    [Fact]
    [Covers("money-76")]
    public async Task Staff_is_warned_of_a_withdrawal_soon_after_a_change_of_bank_details_and_the_provider_of_the_change()
    {
        var staff = await world.Account("cashier@example.test");
        await world.Database.Execute("insert into identity.account_roles (account_id, role, granted_at) values ($1, 'finance', now())", staff.AccountId!.Value);
        await world.Data().InTransaction(tx => Guildhall.Messaging.Recipients.Put(tx, staff.AccountId!.Value, "cashier@example.test", "Rana", "en", "UTC"));
        var provider = await Provider();
        await world.Bank(provider);
        await world.Clock.Passes(25.Hours());
        (await world.Asks(provider, 10_000)).OrThrow();
        (await Told(staff, "withdrawal_warning_staff")).ShouldBe(1);
        (await Told(staff, "withdrawal_requested_staff")).ShouldBe(1);
        (await Told(provider, "destination_changed")).ShouldBe(1);
    }

    private Task<long> Told(Caller person, string template) => world.Database.Count("messaging.notices where person_id = $1 and template = $2", person.AccountId!.Value, template);

    [Theory]
    [InlineData("KWD 5.000, USD 20.00", true)]
    [InlineData("", true)]
    [InlineData("KWD 5.0001", false)]
    [InlineData("KWD -1", false)]
    [InlineData("KWD 1, KWD 2", false)]
    [InlineData("FOO 1", false)]
    [InlineData("5", false)]
    public void Amounts_per_currency_are_read_exactly_or_refused(string text, bool good) =>
        (MoneySettings.PayoutFee.Objection(System.Text.Json.JsonSerializer.SerializeToElement(text)) is null).ShouldBe(good);
}
