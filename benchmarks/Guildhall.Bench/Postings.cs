using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Bench;

/// <summary>Journals per second, each in a transaction of its own with its idempotency key and its audit row, against pgbench running the least SQL that
/// writes the same kind of rows. "Hot": three entries, of which one is always of one platform account, as in the least SQL. "Random": each moves money between
/// two of ten thousand provider accounts, whose balances are kept.</summary>
internal static class Postings
{
    private static readonly Currency Eur = Currency.Of("EUR");
    private static readonly Caller Source = Caller.System("bench");

    public static async Task Run(Machine machine)
    {
        var (hot, random, insertOnly, hotFirst, hotLast) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        await using var app = Product.Build(machine);
        var database = app.Services.GetRequiredService<Database>();
        for (var repetition = 0; repetition < Load.Repetitions; repetition++)
        {
            await Books.Fresh(machine, journals: 10_000);
            hot.Add(await Load.Ours(dice => Post(database, Hot(dice))));
            insertOnly.Add(await Load.Limit(machine, "postings-insert-only"));
            hotFirst.Add(await Load.Limit(machine, "postings-hot-first"));
            hotLast.Add(await Load.Limit(machine, "postings-hot-last"));
            random.Add(await Load.Ours(dice => Post(database, Random(dice))));
            await Books.Check(machine);
        }
        var what = $"journals through one platform account, with idempotency key and audit row, {Load.Clients} clients";
        machine.Row(what, hot, "least SQL with one balance row, updated first", hotFirst, "≥ 3", "no row is shared: the flush to disk at each commit, then CPU");
        machine.Row(what, hot, "least SQL with one balance row, updated last", hotLast, "", "");
        machine.Row(what, hot, "least SQL without balances", insertOnly, "", "");
        machine.Row($"journals between random providers, with idempotency key and audit row, {Load.Clients} clients", random, "least SQL without balances", insertOnly, "≥ 0.75", "two balance rows are kept besides");
    }

    internal static async Task<bool> Post(Database database, Journal journal)
    {
        await database.InTransaction(async tx =>
        {
            await tx.Change(Key, new { key = Guid.NewGuid().ToString("n"), operation = Guid.CreateVersion7(), now = tx.Now });
            await journal.Post(tx);
            await tx.Audit(Source, "bench.posted", "bench", "one", after: new { amount = 10_000 });
        });
        return true;
    }

    internal static Journal Hot(Random dice) => new Journal($"bench:{Guid.CreateVersion7():n}", "capture")
        .Move(new Amount(9_000, Eur), debit: Book.Clearing, credit: Book.Escrow).Move(new Amount(1_000, Eur), debit: Book.Clearing, credit: Book.PlatformFee);

    internal static Journal Random(Random dice)
    {
        var (from, to) = (dice.Next(Books.Providers), dice.Next(Books.Providers - 1));
        return new Journal($"bench:{Guid.CreateVersion7():n}", "capture")
            .Move(new Amount(10_000, Eur), debit: Book.Available(Books.Provider(from)), credit: Book.Available(Books.Provider(to >= from ? to + 1 : to)));
    }

    private const string Key = """
        insert into foundation.idempotency (scope, key, operation_id, body_hash, state, lease_until, status, response, expires_at)
        values ('bench', @key, @operation, '\x00', 'done', @now, 200, '\x00', @now)
        """;
}
