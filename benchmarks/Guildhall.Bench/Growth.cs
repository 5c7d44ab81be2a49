using System.Globalization;
using Guildhall.Foundation.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Bench;

/// <summary>The same figures with ten thousand and with a million journals in the books, in two databases of one server, alternating. The slope is what
/// ten times as many cost.</summary>
internal static class Growth
{
    private const int Few = 10_000, Many = 1_000_000, Decades = 2;

    public static async Task Run(Machine machine)
    {
        await using var grown = await Machine.Prepare("bench_grown");
        await Books.Fresh(grown, Many);
        // The application reads its database from the environment when it is built: one after the other.
        await using var small = Product.Build(machine);
        await using var large = Product.Build(grown);
        var (few, many) = (small.Services.GetRequiredService<Database>(), large.Services.GetRequiredService<Database>());
        (string What, Func<Machine, Database, Task<double>> Measure)[] questions =
        [
            ("journals through one platform account", (_, database) => Load.Ours(dice => Postings.Post(database, Postings.Hot(dice)))),
            ("journals between random providers", (_, database) => Load.Ours(dice => Postings.Post(database, Postings.Random(dice)))),
            ("settle a payment", (at, database) => SettleAPayment.Settle(at, database, isBooked: false)),
        ];
        foreach (var (what, measure) in questions)
        {
            var (ofFew, ofMany) = (new List<double>(), new List<double>());
            for (var repetition = 0; repetition < Load.Repetitions; repetition++)
            {
                await Books.Fresh(machine, Few);
                ofFew.Add(await measure(machine, few));
                ofMany.Add(await measure(grown, many));
            }
            var slope = (Math.Pow(Numbers.Median(ofMany) / Numbers.Median(ofFew), 1.0 / Decades) - 1) * 100;
            machine.Row($"{what}, 1,000,000 journals in the books", ofMany, "the same with 10,000", ofFew, "stated",
                string.Create(CultureInfo.InvariantCulture, $"deeper indexes: {slope:+0.0;−0.0} % for ten times as many"));
        }
        await Books.Check(grown);
    }
}
