using Guildhall.Money;
using Guildhall.Money.Ledger;

namespace Guildhall.Tests.Money.Ledger;

public sealed class ReadTrialBalanceTests(ReadTrialBalanceTests.Setup world) : IClassFixture<ReadTrialBalanceTests.Setup>
{
    // No node runs jobs: moments and rounds are made when the test says so.
    public sealed class Setup : LedgerWorld
    {
        protected override string Role(int node) => "web";
    }

    [Fact]
    [Covers("M-10")]
    public async Task Every_kind_of_account_has_a_class_and_a_side_and_each_kind_of_the_database_is_in_the_chart()
    {
        var check = await world.Database.Value<string>("select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'money.accounts'::regclass and pg_get_constraintdef(oid) like '%gateway_clearing%'");
        foreach (var kind in Chart.Kinds) check.ShouldContain($"'{kind.Name}'");
        System.Text.RegularExpressions.Regex.Count(check, "'[a-z_]+'::text").ShouldBe(Chart.Kinds.Count);
        foreach (var kind in Chart.Kinds) (kind.Normal is Side.Debit).ShouldBe(kind.Class is AccountClass.Asset or AccountClass.Expense);
    }

    [Fact]
    [Covers("M-10", "money-64", "money-61")]
    public async Task A_moment_taken_while_others_write_has_the_same_digits_a_year_later()
    {
        await world.Captures(1_000);
        await using var early = await world.Begins(200); // an id before the moment, a commit after it
        await world.Captures(30);
        var asked = Moments.At(world.Data(), null, default);
        await Eventually.True(async () => await world.Database.Count("money.moments") > 0, "No moment was marked.");
        asked.IsCompleted.ShouldBeFalse("What is still being written may not be answered.");
        await early.Commits();
        var at = (await asked).OrThrow().At;
        var first = await world.Clearing(at);

        await using var late = await world.Begins(4_000);
        await world.Captures(50_000);
        (await KeepBooks.MakeRound(world.Data(), default)).ShouldNotBeNull();
        await late.Commits();
        (await world.Clearing(at)).ShouldBe(first);
        await world.Clock.Passes(365.Days());
        await world.Captures(600_000);
        await KeepBooks.MakeRound(world.Data(), default);
        (await world.Clearing(at)).ShouldBe(first);
        (await world.Clearing()).ShouldBe(first + 654_000);
    }

    [Fact]
    [Covers("money-64")]
    public async Task A_posting_that_outlives_the_question_is_refused_and_then_answered()
    {
        await using var slow = await world.Begins(7);
        var at = world.Clock.Now;
        (await ReadTrialBalance.Run(world.Data(), at, null, default)).Refusal.ShouldBe(MoneyRefusals.MomentNotSettled);
        await slow.Commits();
        (await ReadTrialBalance.Run(world.Data(1), at, null, default)).Granted.ShouldBeTrue();
        (await ReadTrialBalance.Run(world.Data(), world.Clock.Now.AddMinutes(1), null, default)).Refusal.ShouldBe(MoneyRefusals.MomentInFuture);
    }

    [Fact]
    [Covers("money-64")]
    public async Task What_was_committed_before_a_time_is_in_it_and_what_was_posted_after_is_not()
    {
        var before = await world.Clearing();
        await world.Captures(11);
        var at = world.Clock.Now;
        await world.Captures(13);
        (await world.Clearing(at)).ShouldBe(before + 11);
        await world.Clock.Passes(2.Hours());
        await world.Captures(17);
        await KeepBooks.MakeRound(world.Data(), default);
        (await world.Clearing(at)).ShouldBe(before + 11);
        (await world.Clearing(world.Clock.Now.AddHours(-1))).ShouldBe(before + 24);
        (await world.Clearing()).ShouldBe(before + 41);
    }

    [Fact]
    [Covers("M-10")]
    public async Task By_effective_date_an_entry_counts_when_it_happened_as_far_as_was_known_at_the_moment()
    {
        var (before, day) = (await world.Clearing(), world.Clock.Now.AddDays(-10));
        var known = world.Clock.Now;
        await world.PostsAt(day, 500);
        (await world.Clearing(null, day.AddDays(1))).ShouldBe(await world.Clearing(known, day.AddDays(1)) + 500);
        (await world.Clearing(null, day)).ShouldBe(await world.Clearing(known, day));
        (await world.Clearing()).ShouldBe(before + 500);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => world.PostsAt(world.Clock.Now.AddDays(1), 1));
    }

    [Fact]
    [Covers("M-10")]
    public async Task Rounds_and_tail_agree_with_every_entry_for_every_account_at_any_number_of_rounds()
    {
        var random = new Random(7);
        var providers = Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToArray();
        for (var i = 0; i < 60; i++)
        {
            await world.Posts(random.Next(1, 999), Book.Clearing, Book.Available(providers[random.Next(6)]), node: i % 2, currency: i % 3 == 0 ? MoneyWorld.Usd : MoneyWorld.Kwd);
            if (i % 7 == 0) await Moments.Mark(world.Data(), world.Clock.Now, default);
            if (i % 11 == 0) await KeepBooks.MakeRound(world.Data(i % 2), default);
        }
        var moment = (await Moments.At(world.Data(), null, default)).OrThrow();
        foreach (var row in await world.Database.Rows("select account_id, sum(minor)::bigint from money.entries group by 1"))
        {
            var account = (long)row[0]!;
            (await BookSums.Account(world.Data(), account, moment, null, default)).ShouldBe((long)row[1]!);
            (await BookSums.Now(world.Data(), [account], default))[account].ShouldBe((long)row[1]!);
        }
        foreach (var sum in await BookSums.Kinds(world.Data(), moment, null, default))
            sum.Minor.ShouldBe(await world.Database.Value<long>("""
                select sum(e.minor)::bigint from money.entries e join money.accounts a on a.id = e.account_id where a.kind = $1 and a.currency = $2
                """, sum.Kind, sum.Currency.Code));
    }

    [Fact]
    public async Task A_moment_is_marked_before_its_transaction_writes_anything() =>
        (await world.Database.RefusedToApp("select pg_current_xact_id(); select money.mark_moment('2026-01-01')")).ShouldBe("25001");

    [Fact]
    [Covers("M-10")]
    public async Task Staff_read_it_over_http_and_take_it_along_as_a_file()
    {
        await world.Captures(12_500);
        var staff = world.As(MoneyWorld.Person("ledger.view"));
        var view = (await staff.Get("admin/ledger/trial-balance")).Must();
        view.At("balanced").GetBoolean().ShouldBeTrue();
        view.At("totals.0.debit.minor").GetInt64().ShouldBe(view.At("totals.0.credit.minor").GetInt64());
        var csv = (await staff.Get("admin/ledger/trial-balance?format=csv")).Must();
        csv.Headers["Content-Type"].ShouldStartWith("text/csv");
        csv.Text.ShouldStartWith("account,class,normal_side,currency,debit,credit\r\ngateway_clearing,asset,debit,KWD,");
        (await world.As(MoneyWorld.Person("payment.view")).Get("admin/ledger/trial-balance")).Must(403);
        (await staff.Get("admin/ledger/trial-balance?at=2999-01-01T00:00:00Z")).MustRefuse(MoneyRefusals.MomentInFuture);
        (await staff.Get("admin/ledger/chart")).Must().Text.ShouldContain("fx_position");
    }
}
