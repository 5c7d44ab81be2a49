using Guildhall.Money;
using Guildhall.Money.Ledger;
using Guildhall.Money.Ledger.Periods;

namespace Guildhall.Tests.Money.Ledger;

public sealed class PeriodTests : IAsyncLifetime
{
    private readonly LedgerWorld world = new();

    public ValueTask InitializeAsync() => world.InitializeAsync();
    public ValueTask DisposeAsync() => world.DisposeAsync();

    private Task<Result<ClosePeriod.Closed>> Closes(Period month, int node = 0) => ClosePeriod.Run(world.Data(node), MoneyWorld.Staff, month.ToString(), "Checked against the bank.", default);

    private async Task<Period> MonthGoesBy()
    {
        var month = Period.Of(world.Clock.Now);
        await world.Clock.Passes(month.Until - world.Clock.Now + TimeSpan.FromHours(1));
        return month;
    }

    private async Task<ReadTrialBalance.View> Frozen(Period month) => await Eventually.Get(
        async () => await ReadTrialBalance.Of(world.Data(), month.ToString(), default), r => r.Granted, "The balances of the month were expected to be frozen.") is { Value: { } view } ? view : throw new InvalidOperationException();

    private static long Clearing(ReadTrialBalance.View view) => view.Rows.Single(r => r.Account is "gateway_clearing").Debit.Minor;

    [Fact]
    [Covers("M-10", "money-63")]
    public async Task What_is_effective_in_a_closed_month_is_counted_in_the_open_one_and_keeps_its_date()
    {
        await world.Captures(1_000);
        var inside = world.Clock.Now;
        var month = await MonthGoesBy();
        await world.PostsAt(inside, 20); // late but still open
        (await Closes(month)).OrThrow();
        var late = await world.PostsAt(inside, 300);

        var frozen = await Frozen(month);
        Clearing(frozen).ShouldBe(1_020);
        frozen.Balanced.ShouldBeTrue();
        (await world.Database.Value<DateTime>("select effective_at from money.journals where id = $1", late)).ShouldBe(inside.UtcDateTime, TimeSpan.FromMilliseconds(1));
        Period.Of(new DateTimeOffset(await world.Database.Value<DateTime>("select counted_at from money.journals where id = $1", late))).ShouldBe(month.Next);
        (await world.Clearing(null, month.Until)).ShouldBe(1_320);

        await MonthGoesBy();
        (await Closes(month.Next)).OrThrow();
        Clearing(await Frozen(month.Next)).ShouldBe(1_320);
        Clearing(await Frozen(month)).ShouldBe(1_020);
        (await ListPeriods.Run(world.Data(), default)).Periods.Single(p => p.Period == month.ToString()).ShouldSatisfyAllConditions(p => p.State.ShouldBe("frozen"), p => p.CountedLater.ShouldBe(1));
    }

    [Fact]
    [Covers("money-63")]
    public async Task A_posting_under_way_is_waited_for_and_one_that_waits_for_the_closing_sees_it()
    {
        await world.Captures(1);
        var inside = world.Clock.Now;
        var month = await MonthGoesBy();
        Task<Result<ClosePeriod.Closed>> closing;
        Task<long> after;
        await using (var writing = await world.Begins(5))
        {
            closing = Closes(month);
            await Eventually.True(async () => await world.Database.Count("pg_stat_activity where datname = $1 and wait_event_type = 'Lock'", world.Database.Name) == 1, "The closing was expected to wait.");
            after = world.PostsAt(inside, 70);
            await Eventually.True(async () => await world.Database.Count("pg_stat_activity where datname = $1 and wait_event_type = 'Lock'", world.Database.Name) == 2, "The posting was expected to wait.");
            await writing.Commits();
        }
        (await closing).OrThrow();
        var journal = await after;
        (await world.Database.Value<bool>("select counted_at is not null from money.journals where id = $1", journal)).ShouldBeTrue();
        Clearing(await Frozen(month)).ShouldBe(1);
    }

    [Fact]
    [Covers("M-10")]
    public async Task Months_are_closed_in_order_once_and_never_before_they_are_over()
    {
        await world.Captures(1);
        var month = Period.Of(world.Clock.Now);
        (await Closes(month)).Refusal.ShouldBe(MoneyRefusals.PeriodNotOver);
        await MonthGoesBy();
        var both = await Task.WhenAll(Closes(month), Closes(month, 1));
        both.Count(r => r.Granted).ShouldBe(1);
        both.Single(r => !r.Granted).Refusal!.Code.ShouldBeOneOf(MoneyRefusals.PeriodClosed.Code, MoneyRefusals.BooksBusy.Code);
        (await Closes(month)).Refusal.ShouldBe(MoneyRefusals.PeriodClosed);
        (await Closes(month.Previous)).Refusal.ShouldBe(MoneyRefusals.PeriodClosed);
        await MonthGoesBy();
        await MonthGoesBy();
        (await Closes(month.Next.Next)).Refusal!.Code.ShouldBe(MoneyRefusals.PeriodOutOfOrder.Code);
        (await ReadTrialBalance.Of(world.Data(), month.Next.ToString(), default)).Refusal.ShouldBe(MoneyRefusals.PeriodOpen);
        (await world.Database.Count("foundation.audit where action = 'period.closed'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("update money.books set closed_until = '-infinity'")]
    [InlineData("update money.books set epoch = 9")]
    [InlineData("delete from money.closings")]
    [InlineData("update money.period_totals set minor = 0")]
    [InlineData("insert into money.period_totals (until, kind, currency, minor) values ('2026-01-01', 'bank', 'KWD', 1)")]
    [InlineData("insert into money.moments (at, epoch, xid, floor_id) values ('2026-01-01', 1, '1', 0)")]
    [InlineData("update money.seal_chunks set first = 0")]
    [InlineData("delete from money.seal_checkpoints")]
    [InlineData("truncate money.seal_nodes")]
    [InlineData("select money.begin_epoch('x')")]
    [Covers("money-59")]
    public async Task The_product_itself_cannot_open_a_month_again_nor_rewrite_the_seal(string sql) => (await world.Database.RefusedToApp(sql)).ShouldBe("42501");

    [Fact]
    public async Task Not_even_the_owner_moves_the_books_back()
    {
        await world.Captures(1);
        var month = await MonthGoesBy();
        (await Closes(month)).OrThrow();
        (await Should.ThrowAsync<Npgsql.PostgresException>(() => world.Database.Execute("update money.books set closed_until = closed_until - interval '1 day'"))).ConstraintName.ShouldBe("books_forward");
    }

    [Fact]
    [Covers("M-10", "A-3")]
    public async Task Over_http_closing_needs_its_permission_a_reason_and_a_key()
    {
        await world.Captures(1);
        var month = await MonthGoesBy();
        var path = $"admin/ledger/periods/{month}/actions/close";
        (await world.As(MoneyWorld.Person("ledger.view")).Post(path, new { why = "x" })).Must(403);
        var staff = world.As(MoneyWorld.Person("ledger.view", "ledger.close"));
        (await staff.Send(HttpMethod.Post, path)).Must(400);
        (await staff.Post(path, new { why = " " })).MustRefuse(MoneyRefusals.ReasonMissing);
        (await staff.Post("admin/ledger/periods/soon/actions/close", new { why = "x" })).MustRefuse(MoneyRefusals.PeriodUnknown);
        var key = Guid.NewGuid().ToString();
        (await staff.Post(path, new { why = "Checked." }, key)).Must();
        (await staff.Post(path, new { why = "Checked." }, key)).Must().Headers["Idempotency-Replayed"].ShouldBe("true");
        await Frozen(month);
        (await staff.Get("admin/ledger/periods")).Must().Text.ShouldContain("Checked.");
        (await staff.Get($"admin/ledger/trial-balance?period={month}")).Must().At("balanced").GetBoolean().ShouldBeTrue();
    }
}
