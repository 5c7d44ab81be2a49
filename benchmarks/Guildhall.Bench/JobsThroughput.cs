using System.Diagnostics;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Bench;

/// <summary>Jobs enqueued per second by 16 clients, one per transaction; and jobs claimed, run and completed per second by one node.</summary>
internal static class JobsThroughput
{
    private const int Clients = 16, Jobs = 20_000;

    internal sealed record Nothing(int No) : IJob
    {
        public static string Kind => "bench_nothing";
    }

    public static async Task Run(Machine machine)
    {
        var (enqueued, done) = (new List<double>(), new List<double>());
        for (var repetition = 0; repetition < 3; repetition++)
        {
            var left = Jobs;
            var finished = new TaskCompletionSource();
            await machine.Sql("truncate foundation.jobs");
            await using (var web = Product.Build(machine))
            {
                var database = web.Services.GetRequiredService<Database>();
                var (next, watch) = (0, Stopwatch.StartNew());
                await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
                {
                    for (int no; (no = Interlocked.Increment(ref next)) <= Jobs;) await database.InTransaction(tx => tx.Enqueue(new Nothing(no)));
                }));
                enqueued.Add(Jobs / watch.Elapsed.TotalSeconds);
            }
            await using var worker = Product.Build(machine, "worker", services => services.AddJob<Nothing>((_, _) =>
            {
                if (Interlocked.Decrement(ref left) == 0) finished.SetResult();
                return Task.CompletedTask;
            }));
            var running = Stopwatch.StartNew();
            await worker.StartAsync();
            await finished.Task.WaitAsync(TimeSpan.FromMinutes(3));
            done.Add(Jobs / running.Elapsed.TotalSeconds);
            await worker.StopAsync();
        }
        machine.Row("jobs enqueued, 16 clients", Numbers.Spread(enqueued), "", "", "", "one commit per job");
        machine.Row("jobs claimed, run and completed, one node", Numbers.Spread(done), "", "", "", "one commit per job, eight at a time");
    }
}
