using System.Diagnostics;
using Guildhall.Money;
using Guildhall.Money.Ledger;

namespace Guildhall.Tests.Money.Ledger;

public sealed class ReadAccountLinesTests(LedgerWorld world) : IClassFixture<LedgerWorld>
{
    [Fact]
    [Covers("M-10", "M-12")]
    public async Task Pages_hold_every_line_once_newest_first_and_add_up_to_the_balance()
    {
        var provider = MoneyWorld.Person();
        for (var i = 1; i <= 120; i++) await world.Posts(i, Book.Clearing, Book.Available(provider.AccountId!.Value), node: i % 2);
        var (seen, before) = (new List<ReadAccountLines.Line>(), (string?)null);
        do
        {
            var page = (await ReadAccountLines.Own(world.Data(), provider, "available", "KWD", before, default)).OrThrow();
            page.Account.Balance.Minor.ShouldBe(7_260);
            seen.AddRange(page.Lines);
            before = page.Next;
        }
        while (before is not null);
        seen.Select(l => l.Amount.Minor).ShouldBe(Enumerable.Range(1, 120).Reverse().Select(i => (long)i));
    }

    [Fact]
    [Covers("money-100")]
    public async Task A_provider_reads_their_own_accounts_and_nobody_elses()
    {
        var (provider, other) = (MoneyWorld.Person(), MoneyWorld.Person());
        await world.Posts(9_000, Book.Clearing, Book.Available(provider.AccountId!.Value));
        (await world.As(provider).Get("providers/me/ledger/available/KWD/lines")).Must().At("account.balance.minor").GetInt64().ShouldBe(9_000);
        (await world.As(other).Get("providers/me/ledger/available/KWD/lines")).MustRefuse(MoneyRefusals.LedgerAccountNotFound);
        foreach (var path in new[] { "escrow", "available' or '1'='1", "%25" }) (await world.As(provider).Get($"providers/me/ledger/{Uri.EscapeDataString(path)}/KWD/lines")).MustRefuse(MoneyRefusals.LedgerAccountNotFound);
        var account = await world.Database.Value<long>("select id from money.accounts where owner_id = $1", provider.AccountId!.Value);
        (await world.As(provider).Get($"admin/ledger/accounts/{account}/lines")).Must(403);
        var staff = world.As(MoneyWorld.Person("ledger.view"));
        (await staff.Get($"admin/ledger/accounts/{account}/lines")).Must().At("lines").GetArrayLength().ShouldBe(1);
        (await staff.Get($"admin/ledger/accounts?owner={provider.AccountId}")).Must().At("accounts.0.balance.minor").GetInt64().ShouldBe(9_000);
        (await staff.Get($"admin/ledger/accounts/{account}")).Must().At("account.balance.minor").GetInt64().ShouldBe(9_000);
        (await staff.Get("admin/ledger/accounts/987654321/lines")).MustRefuse(MoneyRefusals.LedgerAccountNotFound);
    }

    [Fact]
    [Covers("M-12")]
    public async Task An_account_of_a_hundred_thousand_entries_opens_in_a_tenth_of_a_second()
    {
        var provider = MoneyWorld.Person();
        await world.Posts(1, Book.Clearing, Book.Available(provider.AccountId!.Value));
        await world.Database.Execute("""
            with a as (select (select id from money.accounts where owner_id = $1) as theirs, (select id from money.accounts where kind = 'gateway_clearing' and currency = 'KWD') as ours),
            j as (insert into money.journals (reference, kind, effective_at, posted_at) select 'bulk:' || n, 'test', now() - interval '1 hour', now() - interval '1 hour' from generate_series(1, 100000) n returning id),
            e as (insert into money.entries (journal_id, no, account_id, minor) select j.id, x.no, case x.no when 1 then a.ours else a.theirs end, case x.no when 1 then 5 else -5 end from j, a, (values (1), (2)) x(no))
            update money.balances b set owed_minor = owed_minor + 500000 from a where b.account_id = a.theirs
            """, provider.AccountId!.Value);
        await world.Database.Execute("analyze money.entries; analyze money.journals; analyze money.accounts");
        var account = await world.Database.Value<long>("select id from money.accounts where owner_id = $1", provider.AccountId!.Value);
        var staff = world.As(MoneyWorld.Person("ledger.view"));
        var cursors = new[] { "", $"?before={await world.Database.Value<long>("select max(journal_id) - 50000 from money.entries")}.1" };
        foreach (var cursor in cursors)
        {
            var best = double.MaxValue; // the machine runs other tests at the same time
            for (var i = 0; i < 6; i++)
            {
                var start = Stopwatch.GetTimestamp();
                (await staff.Get($"admin/ledger/accounts/{account}/lines{cursor}")).Must().At("lines").GetArrayLength().ShouldBe(50);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            best.ShouldBeLessThan(100);
        }
        (await staff.Get($"admin/ledger/accounts/{account}")).Must().At("account.balance.minor").GetInt64().ShouldBe(500_001);
    }
}
