using System.Diagnostics;
using System.Globalization;
using Guildhall.Foundation.Data;
using Guildhall.Money.Ledger.Seal;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Bench;

/// <summary>What the seal costs whoever posts: postings per second while another task seals what they post every second, and without. And how long one core needs
/// to seal a journal, against how long all cores needed to post it: a difference of a few percent between two rates is smaller than their spread.</summary>
internal static class Sealing
{
    public static async Task Run(Machine machine)
    {
        await using var app = Product.Build(machine);
        var database = app.Services.GetRequiredService<Database>();
        var (with, without, share) = (new List<double>(), new List<double>(), new List<double>());
        for (var repetition = 0; repetition < Load.Repetitions; repetition++)
        {
            await Books.Fresh(machine, journals: 10_000);
            await SealAll(database);
            without.Add(await Load.Ours(dice => Postings.Post(database, Postings.Hot(dice))));
            var (journals, watch) = (await machine.Ask<long>("select count(*) from money.journals"), Stopwatch.StartNew());
            var sealedNow = await SealAll(database);
            share.Add(watch.Elapsed.TotalSeconds / sealedNow / (Environment.ProcessorCount / without[^1]));
            using (var stop = new CancellationTokenSource())
            {
                var sealing = Keep(database, stop.Token);
                with.Add(await Load.Ours(dice => Postings.Post(database, Postings.Hot(dice))));
                await stop.CancelAsync();
                await sealing;
            }
            await SealAll(database);
            if (await machine.Ask<long>("select sum(cardinality(journals)) from money.seal_chunks") is var all && all != await machine.Ask<long>("select count(*) from money.journals"))
                throw new InvalidOperationException($"{all} journals were sealed, not all of them; {journals} were there half-way.");
        }
        machine.Row("journals through one platform account while they are sealed", with, "the same without sealing", without, "≥ 0.97", "");
        machine.Row("to seal a journal, one core", string.Create(CultureInfo.InvariantCulture, $"{1e6 * Numbers.Median(share) * Environment.ProcessorCount / Numbers.Median(without):0.0} µs"),
            string.Create(CultureInfo.InvariantCulture, $"to post it, {Environment.ProcessorCount} cores: {1e6 / Numbers.Median(without):0} µs"),
            string.Create(CultureInfo.InvariantCulture, $"{100 * Numbers.Median(share):0.0} %"), "≤ 3 %", "reading the entries back, then SHA-256");
    }

    private static async Task Keep(Database database, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await SealAll(database);
            await Task.Delay(TimeSpan.FromSeconds(1), stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static async Task<long> SealAll(Database database)
    {
        for (long all = 0; ;)
        {
            var fresh = await database.InTransaction(SealLedger.Run);
            all += fresh;
            if (fresh < SealLedger.BatchSize) return all;
        }
    }
}
