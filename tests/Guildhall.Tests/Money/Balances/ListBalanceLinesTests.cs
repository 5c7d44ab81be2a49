using System.Diagnostics;
using Guildhall.Money.Balances;
using Guildhall.Tests.Money.Disputes;

namespace Guildhall.Tests.Money.Balances;

public sealed class ListBalanceLinesTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // A hundred thousand lines of one provider, three in four of them available, the others reserved.
    private const string Fill = """
        with accounts as (select money.account_of('escrow', null, 'KWD') as escrow, money.account_of('provider_available', $1, 'KWD') as available, money.account_of('provider_reserved', $1, 'KWD') as reserved),
        journals as (
            insert into money.journals (reference, kind, effective_at, posted_at)
            select 'fill:' || $1::text || ':' || i, 'release', now(), now() from generate_series(1, 100000) i returning id)
        insert into money.entries (journal_id, no, account_id, minor)
        select j.id, l.no, case l.no when 1 then a.escrow else case j.id % 4 when 3 then a.reserved else a.available end end, case l.no when 1 then 10 else -10 end
        from journals j cross join accounts a cross join (values (1), (2)) l(no)
        """;

    [Fact]
    [Covers("M-12")]
    public async Task A_balance_of_a_hundred_thousand_lines_opens_page_by_page_without_a_gap()
    {
        var provider = MoneyWorld.Person();
        var other = MoneyWorld.Person();
        foreach (var person in new[] { provider, other })
            await world.Database.Execute(Fill, person.AccountId!.Value);
        await world.Database.Execute("analyze money.entries, money.journals, money.accounts, money.balances");

        var (seen, after, worst) = (0, (string?)null, TimeSpan.Zero);
        var references = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            var clock = Stopwatch.StartNew();
            var page = await ListBalanceLines.Run(world.Data(), provider.AccountId!.Value, MoneyWorld.Kwd, null, after, default);
            worst = clock.Elapsed > worst && seen > 0 ? clock.Elapsed : worst;
            seen += page.Lines.Count;
            foreach (var line in page.Lines) references.Add(line.Reference).ShouldBeTrue();
            after = page.Next;
        }
        while (after is not null && seen < 100_000);
        (seen, after).ShouldBe((100_000, null));
        worst.ShouldBeLessThan(TimeSpan.FromSeconds(1)); // the machine of a test run is shared: the figure is measured apart
        var only = await ListBalanceLines.Run(world.Data(), provider.AccountId!.Value, MoneyWorld.Kwd, "provider_reserved", null, default);
        only.Lines.ShouldAllBe(l => l.Account == "provider_reserved");
    }

    [Fact]
    [Covers("money-100", "M-12")]
    public async Task A_provider_sees_their_own_and_staff_see_any()
    {
        var deal = await world.Order();
        var quarrel = await deal.IsDisputed(await deal.PaidAndReleased());
        await quarrel.Becomes(Guildhall.Money.Disputes.DisputeState.NeedsResponse);
        await world.JobsAreDone();
        var stranger = world.As(MoneyWorld.Person());
        (await stranger.Get($"admin/providers/{deal.Provider.AccountId}/balance")).Status.ShouldBe(403);
        (await stranger.Get($"admin/providers/{deal.Provider.AccountId}/balance/lines?currency=KWD")).Status.ShouldBe(403);
        (await stranger.Get("providers/me/balance/lines?currency=KWD")).Must().Text.ShouldContain("\"lines\":[]");
        (await stranger.Get("providers/me/balance/lines?currency=KWD&after=1;drop-0'")).Must();
        foreach (var mine in new[] { await world.As(deal.Provider).Get("providers/me/balance"), await world.As(MoneyWorld.Person("payment.view")).Get($"admin/providers/{deal.Provider.AccountId}/balance") })
            mine.Must().Text.ShouldContain(quarrel.Reference.Length > 0 ? "\"disputed\":{\"minor\":21250" : "");
    }
}
