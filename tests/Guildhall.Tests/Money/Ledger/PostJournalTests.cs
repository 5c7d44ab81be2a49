using Guildhall.Money.Ledger;
using Npgsql;

namespace Guildhall.Tests.Money.Ledger;

public sealed class PostJournalTests(PostJournalTests.Setup world) : IClassFixture<PostJournalTests.Setup>
{
    public sealed class Setup : MoneyWorld
    {
        protected override bool HasSandbox => false;
    }

    private static readonly Currency Kwd = MoneyWorld.Kwd;

    private Task Moves(Amount amount, (AccountKind, Guid?) debit, (AccountKind, Guid?) credit, string? reference = null, int node = 0) =>
        world.Data(node).InTransaction(tx => new Journal(reference ?? $"test:{Guid.NewGuid()}", "test").Move(amount, debit, credit).Post(tx));

    private Task<long> Owed(Guid provider) => world.Database.Value<long>("""
        select coalesce(sum(b.owed_minor), 0)::bigint from money.balances b join money.accounts a on a.id = b.account_id where a.owner_id = $1 and a.kind = 'provider_available'
        """, provider);

    private async Task<string> Everything() => string.Join('\n', (await world.Database.Rows("""
        select 'j' || j.id || j.reference from money.journals j union all select 'e' || e.journal_id || '/' || e.no || '/' || e.minor from money.entries e
        union all select 'b' || b.account_id || '=' || b.owed_minor from money.balances b order by 1
        """)).Select(r => r[0]));

    [Fact]
    [Covers("M-10", "money-53")]
    public async Task Two_hundred_at_once_in_opposing_directions_meet_no_deadlock_and_lose_nothing()
    {
        var providers = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var provider in providers) await Moves(new Amount(10_000, Kwd), Book.Clearing, Book.Available(provider));
        var expected = providers.ToDictionary(p => p, _ => 10_000L);
        var moves = Enumerable.Range(0, 200).Select(i => (From: providers[i % 5], To: providers[(i + 1 + (i / 5 % 4)) % 5], Minor: (long)(i % 17) + 1)).ToArray();
        foreach (var move in moves)
        {
            expected[move.From] -= move.Minor;
            expected[move.To] += move.Minor;
        }
        await Task.WhenAll(moves.Select((move, i) => Moves(new Amount(move.Minor, Kwd), Book.Available(move.From), Book.Available(move.To), node: i % 2)));
        foreach (var provider in providers) (await Owed(provider)).ShouldBe(expected[provider]);
        (await world.Database.Value<long>("select sum(minor)::bigint from money.entries")).ShouldBe(0);
        (await world.Database.Value<long>("""
            select count(*) from money.balances b where b.owed_minor <> (select -coalesce(sum(e.minor), 0) from money.entries e where e.account_id = b.account_id)
            """)).ShouldBe(0);
    }

    [Fact]
    [Covers("money-53")]
    public async Task The_first_money_of_a_provider_may_come_from_twenty_at_once()
    {
        var provider = Guid.NewGuid();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Moves(new Amount(1, Kwd), Book.Clearing, Book.Available(provider), node: i % 2)));
        (await Owed(provider)).ShouldBe(20);
    }

    [Theory]
    [InlineData("the 37th amount is one more than it should be", "23514")]
    [InlineData("an amount is zero", "23514")]
    [InlineData("an account is of no kind", "23514")]
    [InlineData("a currency is missing", "22023")]
    [InlineData("a provider's account has no owner", "23514")]
    [InlineData("a balance leaves 64 bits", "22003")]
    [Covers("money-55", "money-49")]
    public async Task One_bad_leg_of_fifty_leaves_nothing_behind(string bad, string state)
    {
        var provider = Guid.NewGuid();
        await Moves(new Amount(5_000, Kwd), Book.Clearing, Book.Available(provider));
        var before = await Everything();
        var kinds = Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? "gateway_clearing" : "provider_available").ToArray();
        var owners = kinds.Select(k => k is "provider_available" ? provider : (Guid?)null).ToArray();
        var currencies = kinds.Select(_ => "KWD").ToArray();
        var minors = Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? 10L : -10L).ToArray();
        switch (bad)
        {
            case "the 37th amount is one more than it should be": minors[36]++; break;
            case "an amount is zero": (minors[10], minors[11]) = (0, 0); break;
            case "an account is of no kind": kinds[20] = "petty_cash"; break;
            case "a currency is missing": currencies = currencies[..49]; break;
            case "a provider's account has no owner": owners[1] = null; break;
            default: (minors[0], minors[1]) = (long.MaxValue, -long.MaxValue); break;
        }
        await using var source = NpgsqlDataSource.Create(world.Database.App);
        await using var command = source.CreateCommand("select money.post_journal($1, 'test', null, now(), now(), $2, $3, $4, $5)");
        foreach (var value in new object[] { $"bad:{bad}", kinds, owners, currencies, minors }) command.Parameters.Add(new NpgsqlParameter { Value = value });
        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState.ShouldBe(state);
        (await Everything()).ShouldBe(before);
    }

    [Fact]
    public async Task A_reference_is_booked_once_even_when_two_try_at_the_same_moment()
    {
        var provider = Guid.NewGuid();
        await Moves(new Amount(1, Kwd), Book.Clearing, Book.Available(provider));
        var reference = $"once:{provider}";
        await using var gate = await Gate.Close(world.Database, "insert into money.journals (reference, kind, effective_at, posted_at) values ($1, 'gate', now(), now())", reference);
        var posts = Enumerable.Range(0, 3).Select(i => Moves(new Amount(7, Kwd), Book.Clearing, Book.Available(provider), reference, i % 2)).ToArray();
        await gate.OpenWhenWaiting(3);
        var failed = 0;
        foreach (var post in posts)
            try { await post; }
            catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.UniqueViolation) { failed++; }
        failed.ShouldBe(2);
        (await Owed(provider)).ShouldBe(8);
    }

    [Fact]
    public void A_journal_moves_positive_amounts_of_one_currency_at_a_time()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new Journal("x", "x").Move(new Amount(-1, Kwd), Book.Clearing, Book.Escrow));
        Should.Throw<ArgumentOutOfRangeException>(() => new Journal("x", "x").Move(new Amount(long.MinValue, Kwd), Book.Clearing, Book.Escrow));
    }

    [Fact]
    [Covers("money-48")]
    public async Task Nothing_is_booked_for_nothing()
    {
        var before = await Everything();
        await Moves(Amount.Zero(Kwd), Book.Clearing, Book.Escrow);
        (await Everything()).ShouldBe(before);
    }

    [Theory]
    [InlineData("update money.entries set minor = 1")]
    [InlineData("delete from money.entries")]
    [InlineData("truncate money.entries")]
    [InlineData("insert into money.entries (journal_id, no, account_id, minor) values (1, 1, 1, 1)")]
    [InlineData("update money.journals set kind = 'x'")]
    [InlineData("delete from money.journals")]
    [InlineData("insert into money.journals (reference, kind, effective_at, posted_at) values ('x', 'x', now(), now())")]
    [InlineData("update money.balances set owed_minor = 0")]
    [InlineData("insert into money.accounts (kind, currency) values ('escrow', 'USD')")]
    [InlineData("update money.order_lines set minor = 0")]
    [InlineData("delete from money.payment_events")]
    public async Task The_product_itself_cannot_rewrite_the_books(string sql) => (await world.Database.RefusedToApp(sql)).ShouldBe("42501");

    [Theory]
    [InlineData("delete from money.journals")]
    [InlineData("delete from money.accounts")]
    [InlineData("update money.journals set id = default")]
    [InlineData("update money.accounts set id = default")]
    public async Task What_an_entry_points_to_stays_even_for_the_owner(string sql)
    {
        await Moves(new Amount(1, Kwd), Book.Clearing, Book.Escrow);
        (await Should.ThrowAsync<PostgresException>(() => world.Database.Execute(sql))).ConstraintName.ShouldBe("ledger_stays");
    }

    [Fact]
    public async Task Moves_of_one_account_on_one_side_are_one_entry()
    {
        var reference = $"compound:{Guid.NewGuid()}";
        await world.Data().InTransaction(tx => new Journal(reference, "test")
            .Move(new Amount(9, Kwd), Book.Clearing, Book.Escrow).Move(new Amount(1, Kwd), Book.Clearing, Book.PlatformFee).Move(new Amount(2, Kwd), Book.Escrow, Book.Clearing).Post(tx));
        (await world.Database.Column<string>($"""
            select a.kind || ' ' || e.minor from money.entries e join money.accounts a on a.id = e.account_id join money.journals j on j.id = e.journal_id
            where j.reference = '{reference}' order by e.no
            """)).ShouldBe(["gateway_clearing 10", "escrow -9", "platform_fee -1", "escrow 2", "gateway_clearing -2"]);
    }
}
