using Guildhall.Foundation.Security;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Tests.Money.Withdrawals;

public sealed class RequestWithdrawalTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private Task<Result<WithdrawalView>> Asks(Caller provider, long minor, int node = 0, Currency? currency = null) =>
        RequestWithdrawal.Run(world.Data(node), world.Rails, provider, new Amount(minor, currency ?? MoneyWorld.Kwd), default);

    [Fact]
    [Covers("money-56")]
    public async Task Of_a_hundred_who_ask_for_the_whole_balance_at_once_one_gets_it()
    {
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));
        await using var gate = await Gate.Close(world.Database, "select 1 from money.balances b join money.accounts a on a.id = b.account_id where a.owner_id = $1 for update of b", provider.AccountId!.Value);
        var asked = Enumerable.Range(0, 100).Select(i => Asks(provider, 85_000, i % 2)).ToArray();
        await gate.OpenWhenWaiting(20);
        var answers = await Task.WhenAll(asked);
        answers.Count(a => a.Granted).ShouldBe(1);
        answers.Where(a => !a.Granted).ShouldAllBe(a => a.Refusal!.Code == "balance_too_low");
        (await world.Books.Has(provider)).ShouldBe(0);
        (await world.Books.Has(provider, "provider_reserved")).ShouldBe(85_000);
    }

    [Fact]
    [Covers("money-57")]
    public async Task What_was_asked_for_before_counts()
    {
        var provider = await world.ProviderWith(new Amount(50_000, MoneyWorld.Kwd)); // 42,500 after the fee
        for (var i = 0; i < 5; i++) (await Asks(provider, 8_500)).Granted.ShouldBeTrue();
        var refused = (await Asks(provider, 8_500)).Refusal.ShouldNotBeNull();
        refused.Code.ShouldBe("balance_too_low");
        refused.Details!["available"].ShouldBe(Amount.Zero(MoneyWorld.Kwd));
    }

    [Theory]
    [InlineData(0, "amount_not_positive")]
    [InlineData(-10, "amount_not_positive")]
    [InlineData(long.MinValue, "amount_not_positive")]
    [InlineData(85_001, "amount_not_representable")]
    [InlineData(long.MaxValue, "amount_not_representable")]
    [InlineData(long.MaxValue - 7, "balance_too_low")]
    [InlineData(85_010, "balance_too_low")]
    [Covers("money-49")]
    public async Task An_amount_that_cannot_be_is_refused(long minor, string code)
    {
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));
        (await Asks(provider, minor)).Refusal!.ShouldSatisfyAllConditions(r => r.Code.ShouldBe(code), r => r.Status.ShouldBe(422));
        (await world.Books.Has(provider)).ShouldBe(85_000);
    }

    [Fact]
    public async Task Money_of_another_currency_is_not_there()
    {
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));
        (await Asks(provider, 1, currency: MoneyWorld.Usd)).Refusal!.Code.ShouldBe("balance_too_low");
    }

    [Fact]
    [Covers("money-76")]
    public async Task Changed_bank_details_have_to_cool_off_and_an_earlier_withdrawal_goes_where_it_was_asked_to_go()
    {
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));
        var before = (await Asks(provider, 10_000)).OrThrow();
        (await SetDestination.Run(world.Data(), world.Rails, world.Get<MasterKey>(), provider, new SetDestination.Body("Omar Provider", "12345678", "US", "026009593"), default)).OrThrow();
        (await Asks(provider, 10_000)).Refusal!.Code.ShouldBe("destination_cooling_off");
        (await ListWithdrawals.One(world.Data(), provider, before.Id, default)).OrThrow().Destination.ShouldBe("•••• 0101");
        await world.Clock.Passes(24.Hours());
        (await Asks(provider, 10_000)).OrThrow().Destination.ShouldBe("•••• 5678");
    }

    [Fact]
    public async Task Without_bank_details_nothing_is_asked_for()
    {
        var provider = MoneyWorld.Person();
        (await Asks(provider, 10)).Refusal!.Code.ShouldBe("destination_missing");
    }

    [Theory, InlineData("KW81CBKU0000000000001234560102"), InlineData("1234567"), InlineData("12345678"), InlineData(""), InlineData("KW81CBKU000000000000123456010112345"), InlineData("12345678;drop")]
    public async Task Bank_details_that_cannot_be_are_refused(string account) =>
        (await SetDestination.Run(world.Data(), world.Rails, world.Get<MasterKey>(), MoneyWorld.Person(), new SetDestination.Body("Omar Provider", account), default)).Refusal!.Code.ShouldBe("destination_invalid");

    [Fact]
    [Covers("money-5")]
    public async Task A_retry_with_the_same_operation_finds_the_first()
    {
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd)) with { OperationId = Guid.CreateVersion7() };
        var first = (await Asks(provider, 10_000)).OrThrow();
        (await Asks(provider, 10_000, node: 1)).OrThrow().Id.ShouldBe(first.Id);
        (await world.Books.Has(provider)).ShouldBe(75_000);
    }
}
