using System.Diagnostics;
using System.Text.Json;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Payouts;

namespace Guildhall.Tests.Money.Payouts;

/// <summary>A batch of the largest size. The providers' money is put into the books by hand, so only the ledger's own laws are looked at.</summary>
public sealed class TenThousandTests(BatchWorld world, ITestOutputHelper output) : IClassFixture<BatchWorld>
{
    private const int Many = 10_000;

    [Fact]
    [Covers("M-14")]
    public async Task Ten_thousand_are_built_in_five_seconds_and_sent_with_totals_that_add_up()
    {
        await world.StartsByFile();
        var (people, places) = (Enumerable.Range(0, Many).Select(_ => Guid.CreateVersion7()).ToArray(), Enumerable.Range(0, Many).Select(_ => Guid.CreateVersion7()).ToArray());
        var bank = new BankDetails("Omar Provider", "KW81CBKU0000000000001234560101", "KW", null);
        var secrets = places.Select(p => bank.Seal(world.Get<MasterKey>(), new DestinationId(p))).ToArray();
        await world.Database.Execute("""
            select money.post_journal('many:' || p::text, 'withdrawal_requested', null, now(), now(), array['escrow', 'provider_reserved'], array[null, p], array['KWD', 'KWD'], array[20000 + n, -20000 - n]::bigint[])
            from unnest($1::uuid[]) with ordinality as x(p, n)
            """, people);
        await world.Database.Execute("""
            insert into money.destinations (id, provider_id, holder_sealed, hint, created_at, usable_from, changed_by)
            select d, p, s, '0101', now() - interval '9 days', now() - interval '9 days', p from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as x(d, p, s)
            """, places, people, secrets);
        await world.Database.Execute("""
            with w as (insert into money.withdrawals (id, provider_id, destination_id, currency, minor, state, requested_by, requested_at, decided_by, decided_at, changed_at)
                select gen_random_uuid(), p, d, 'KWD', 20000 + n, 'approved', p, now(), gen_random_uuid(), now(), now() from unnest($1::uuid[], $2::uuid[]) with ordinality as x(p, d, n) returning id)
            insert into money.payouts (id, withdrawal_id, gateway, state, created_at, changed_at) select gen_random_uuid(), id, 'bank_file', 'created', now(), now() from w
            """, people, places);
        var watch = Stopwatch.StartNew();
        var built = (await world.Builds()).OrThrow();
        var build = watch.Elapsed;
        var approved = (await world.Approves(built)).OrThrow();
        watch.Restart();
        var sent = (await world.Sends(approved)).OrThrow();
        output.WriteLine(JsonSerializer.Serialize(new { buildSeconds = build.TotalSeconds, sendSeconds = watch.Elapsed.TotalSeconds }));
        TestContext.Current.SendDiagnosticMessage($"10,000: built in {build.TotalSeconds:0.00} s, sent in {watch.Elapsed.TotalSeconds:0.00} s");

        (built.Count, sent.Count, sent.Total.Minor).ShouldBe((Many, Many, Enumerable.Range(1, Many).Sum(n => 20_000L + n)));
        var file = await world.File(sent);
        (BatchWorld.Sum(file) * 1000, BatchWorld.All(file, "EndToEndId").Distinct().Count()).ShouldBe((sent.Total.Minor, Many));
        (await world.Database.Value<long>("select sum(e.minor)::bigint from money.entries e")).ShouldBe(0);
        build.TotalSeconds.ShouldBeLessThan(5);
    }
}
