using System.Collections.Concurrent;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Invoices;

namespace Guildhall.Tests.Money.Invoices;

/// <summary>Numbers of one series: no gap, none twice, in the order they were taken.</summary>
public sealed class GaplessTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    private const int Parallel = 1000;

    private sealed class Broken : Exception;

    [Fact]
    [Covers("M-18")]
    public async Task A_thousand_parallel_issues_on_two_nodes_leave_no_gap_though_some_fail_after_the_number_was_taken()
    {
        var orders = await Orders(Parallel);
        var numbers = new ConcurrentBag<string>();
        var failed = 0;
        await Task.WhenAll(orders.Select((order, i) => Task.Run(async () =>
        {
            try
            {
                numbers.Add(await world.Data(i % 2).InTransaction(async tx =>
                {
                    var number = await WriteDocument.Run(tx, Caller.System("test"), New(tx, order));
                    return i % 7 == 0 ? throw new Broken() : number;
                }));
            }
            catch (Broken) { Interlocked.Increment(ref failed); }
        })));

        failed.ShouldBe(143);
        numbers.Count.ShouldBe(Parallel - failed);
        numbers.Distinct(StringComparer.Ordinal).Count().ShouldBe(numbers.Count);
        // From 1 to the last, each once; the other test of this class has its two.
        (await world.Database.Value<bool>("""
            select count(*) = max(no) and count(distinct no) = count(*) and min(no) = 1 and max(no) = (select last_no from money.invoice_series s where s.series = min(i.series)) and count(distinct series) = 1
            from money.invoices i where series like 'INV-%'
            """)).ShouldBeTrue();
        (await world.Database.Count("money.invoices")).ShouldBeInRange(numbers.Count, numbers.Count + 2);
        (await world.Database.Count("money.invoices i join money.invoices j on j.series = i.series and j.no = i.no + 1 where j.issued_at < i.issued_at - interval '1 minute'")).ShouldBe(0);
    }

    [Fact]
    [Covers("M-18")]
    public async Task A_number_waits_only_for_those_who_are_about_to_commit_never_for_their_work()
    {
        var orders = await Orders(2);
        var (prepared, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = world.Data().InTransaction(async tx =>
        {
            await tx.Get<int>("select 1");
            prepared.SetResult();
            await go.Task; // slow work: the number is not taken yet
            return await WriteDocument.Run(tx, Caller.System("test"), New(tx, orders[0]) with { Kind = InvoiceKind.Invoice, Purpose = "slow" });
        });
        await prepared.Task;
        var quick = await world.Data(1).InTransaction(tx => WriteDocument.Run(tx, Caller.System("test"), New(tx, orders[1]))).WaitAsync(TimeSpan.FromSeconds(10));
        go.SetResult();
        string.CompareOrdinal(quick, await slow).ShouldBeLessThan(0);
    }

    private static NewDocument New(Guildhall.Foundation.Data.Transaction tx, OrderId order) => new(tx.NewId<InvoiceId>(), InvoiceKind.Invoice, order, "test", Guid.CreateVersion7(), Guid.CreateVersion7(),
        [("A session", new Amount(12_500, MoneyWorld.Kwd), 500)]) { Tells = false };

    private async Task<List<OrderId>> Orders(int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        await world.Database.Execute("""
            insert into money.orders (id, customer_id, provider_id, purpose, subject_id, currency, total_minor, fee_minor, expires_at, created_at)
            select id, gen_random_uuid(), gen_random_uuid(), 'test', gen_random_uuid(), 'KWD', 12500, 0, now(), now() from unnest($1) as id
            """, ids);
        return [.. ids.Select(id => new OrderId(id))];
    }
}
