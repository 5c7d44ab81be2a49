using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Bench;

/// <summary>Journals per second by 16 clients, each in a transaction of its own with its idempotency key and its audit row, against pgbench running the
/// least SQL that writes the same kind of rows. "Hot": every journal touches one platform account, as every capture does. "Random": each moves money
/// between two of ten thousand provider accounts, whose balances are kept.</summary>
internal static partial class Postings
{
    private const int Clients = 16, Repetitions = 3, Seconds = 5, Providers = 10_000, Payments = 400_000;
    private static readonly Currency Eur = Currency.Of("EUR");
    private static readonly Caller Source = Caller.System("bench");

    public static async Task Run(Machine machine)
    {
        var (hot, random, insertOnly, hotFirst, hotLast) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        await using var app = Product.Build(machine);
        var database = app.Services.GetRequiredService<Database>();
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            await Fresh(machine, journals: 0);
            hot.Add(await Posts(database, Hot));
            insertOnly.Add(await Limit(machine, "postings-insert-only"));
            hotFirst.Add(await Limit(machine, "postings-hot-first"));
            hotLast.Add(await Limit(machine, "postings-hot-last"));
            random.Add(await Posts(database, Random));
            if (await machine.Ask<bool>("select coalesce(sum(minor), 0) <> 0 from money.entries")) throw new InvalidOperationException("The books do not balance.");
        }
        machine.Row($"journals through one platform account, {Clients} clients", Numbers.Spread(hot), $"least SQL with one balance row, updated first: {Numbers.Spread(hotFirst)}",
            Numbers.Ratio(Numbers.Median(hot), Numbers.Median(hotFirst)), "≥ 3", "no row is shared: the flush to disk at each commit, then CPU");
        machine.Row("the same", Numbers.Spread(hot), $"least SQL with one balance row, updated last: {Numbers.Spread(hotLast)}", Numbers.Ratio(Numbers.Median(hot), Numbers.Median(hotLast)), "", "");
        machine.Row($"journals between random providers, {Clients} clients", Numbers.Spread(random), $"least SQL without balances: {Numbers.Spread(insertOnly)}",
            Numbers.Ratio(Numbers.Median(random), Numbers.Median(insertOnly)), "≥ 0.75", "two balance rows are kept besides");
    }

    /// <summary>The same with ten thousand and with a million journals in the books.</summary>
    public static async Task Growth(Machine machine)
    {
        await using var app = Product.Build(machine);
        var database = app.Services.GetRequiredService<Database>();
        var (few, many) = (new List<double>(), new List<double>());
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            await Fresh(machine, journals: 10_000);
            few.Add(await Posts(database, Hot));
            await Fresh(machine, journals: 1_000_000);
            many.Add(await Posts(database, Hot));
        }
        machine.Row("journals through one platform account, 1,000,000 in the books", Numbers.Spread(many), $"the same with 10,000 in the books: {Numbers.Spread(few)}",
            Numbers.Ratio(Numbers.Median(many), Numbers.Median(few)), "stated", "deeper indexes");
    }

    internal static async Task<double> Posts(Database database, Func<Random, Journal> make, TimeSpan? time = null)
    {
        var seconds = (time ?? TimeSpan.FromSeconds(Seconds)).TotalSeconds;
        var (posted, watch) = (0, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var dice = new Random(client);
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                await database.InTransaction(async tx =>
                {
                    await tx.Change(Key, new { key = Guid.NewGuid().ToString("n"), operation = Guid.CreateVersion7(), now = tx.Now });
                    await make(dice).Post(tx);
                    await tx.Audit(Source, "bench.posted", "bench", "one", after: new { amount = 10_000 });
                });
                Interlocked.Increment(ref posted);
            }
        }));
        return posted / watch.Elapsed.TotalSeconds;
    }

    internal static Journal Hot(Random dice) => new Journal($"bench:{Guid.CreateVersion7():n}", "capture")
        .Move(new Amount(9_000, Eur), debit: Book.Clearing, credit: Book.Escrow).Move(new Amount(1_000, Eur), debit: Book.Clearing, credit: Book.PlatformFee);

    private static Journal Random(Random dice)
    {
        var (from, to) = (dice.Next(Providers), dice.Next(Providers - 1));
        return new Journal($"bench:{Guid.CreateVersion7():n}", "capture").Move(new Amount(10_000, Eur), debit: Book.Available(Provider(from)), credit: Book.Available(Provider(to >= from ? to + 1 : to)));
    }

    private static Guid Provider(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private static async Task<double> Limit(Machine machine, string script)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Limits");
        await machine.Client("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", $"npay={Payments}", "-f", Path.Combine(folder, "postings-schema.sql"));
        await machine.Sql("checkpoint");
        var output = await machine.Client("pgbench", machine.Name, "-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", Seconds.ToString(CultureInfo.InvariantCulture),
            "-D", "n=0", "-D", $"stride={Payments / Clients}", "-f", Path.Combine(folder, script + ".sql"));
        return double.Parse(Tps().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Empty books, or books with so many journals, and a balance for every provider.</summary>
    internal static async Task Fresh(Machine machine, int journals)
    {
        await machine.Sql("truncate money.journals, money.entries, money.balances, money.accounts, foundation.audit, foundation.audit_seals, foundation.idempotency cascade");
        await machine.Sql($"""
            select money.account_of('provider_available', ('0000' || lpad(to_hex(g), 4, '0') || '-0000-0000-0000-000000000000')::uuid, 'EUR') from generate_series(0, {Providers - 1}) g;
            select money.account_of(kind, null, 'EUR') from unnest(array['gateway_clearing', 'escrow', 'platform_fee']) kind;
            insert into money.journals (reference, kind, effective_at, posted_at) select 'grown:' || g, 'capture', now(), now() from generate_series(1, {journals}) g;
            insert into money.entries (journal_id, no, account_id, minor)
                select j.id, e.no, money.account_of(e.kind, null, 'EUR'), e.minor
                from money.journals j, (values (1, 'gateway_clearing', 10000), (2, 'escrow', -9000), (3, 'platform_fee', -1000)) as e(no, kind, minor);
            """);
        await machine.Sql("vacuum analyze");
        await machine.Sql("checkpoint");
    }

    private const string Key = """
        insert into foundation.idempotency (scope, key, operation_id, body_hash, state, lease_until, status, response, expires_at)
        values ('bench', @key, @operation, '\x00', 'done', @now, 200, '\x00', @now)
        """;

    [GeneratedRegex(@"tps = ([\d.]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Tps();
}
