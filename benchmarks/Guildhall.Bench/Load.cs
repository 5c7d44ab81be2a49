using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Guildhall.Bench;

/// <summary>Sixteen clients for some seconds: ours in this process, the limit by pgbench, each in one transaction after the other.</summary>
internal static partial class Load
{
    public const int Clients = 16, Repetitions = 3, Seconds = 5, WarmUp = 10;
    private const int Payments = 400_000;

    /// <summary>How often a second the work was done; it answers false when there is no more of it. What of it runs before the clock
    /// starts is compiled then: a server that has been up for a minute compiles no more.</summary>
    public static async Task<double> Ours(Func<Random, Task<bool>> work)
    {
        await For(WarmUp, work);
        return await For(Seconds, work);
    }

    private static async Task<double> For(int seconds, Func<Random, Task<bool>> work)
    {
        var (done, watch) = (0, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var dice = new Random(client);
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                if (!await work(dice)) throw new InvalidOperationException("The work ended before the time did.");
                Interlocked.Increment(ref done);
            }
        }));
        return done / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Transactions a second of one of the scripts in <c>Limits</c>, on tables made anew.</summary>
    public static async Task<double> Limit(Machine machine, string script)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Limits");
        await machine.Client("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", $"npay={Payments}", "-f", Path.Combine(folder, "schema.sql"));
        await machine.Sql("checkpoint");
        var output = await machine.Client("pgbench", machine.Name, "-n", "-M", "prepared", "-c", Number(Clients), "-j", "2", "-T", Number(Seconds),
            "-D", "n=0", "-D", $"stride={Payments / Clients}", "-f", Path.Combine(folder, script + ".sql"));
        if (await machine.Ask<bool>("select count(*) = 0 or coalesce(sum(amount), 0) <> 0 from pay.jentry")) throw new InvalidOperationException($"The books of {script} do not balance.");
        return double.Parse(Tps().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"tps = ([\d.]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Tps();
}
