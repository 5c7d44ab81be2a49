using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Bench;

/// <summary>How many payments are settled per second by 16 clients: the whole of SettlePayment (lock, compare-and-set, order, guard, journal through
/// post_journal, timeline, audit, facts), against pgbench running the least SQL of a captured payment with the same zero-sum check.</summary>
internal static partial class SettleAPayment
{
    private const int Clients = 16, Repetitions = 3, Seconds = 6, Prepared = 45_000;

    public static async Task Run(Machine machine)
    {
        var (ours, limit) = (new List<double>(), new List<double>());
        var folder = Path.Combine(AppContext.BaseDirectory, "Limits");
        await using var app = Product.Build(machine);
        var database = app.Services.GetRequiredService<Database>();
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            await Prepare(machine);
            ours.Add(await Settle(database));
            if (await machine.Ask<bool>("select coalesce(sum(minor), 0) <> 0 from money.entries")) throw new InvalidOperationException("The books do not balance.");
            await machine.Client("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", $"npay={Prepared * 4}", "-f", Path.Combine(folder, "pay-schema.sql"));
            await machine.Sql("checkpoint");
            var output = await machine.Client("pgbench", machine.Name, "-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", Seconds.ToString(CultureInfo.InvariantCulture),
                "-D", "n=0", "-D", $"stride={Prepared * 4 / Clients}", "-f", Path.Combine(folder, "pay.sql"));
            limit.Add(double.Parse(Tps().Match(output).Groups[1].Value, CultureInfo.InvariantCulture));
        }
        machine.Row($"settle a payment, {Clients} clients", Numbers.Spread(ours), $"least SQL, statement by statement: {Numbers.Spread(limit)}",
            Numbers.Ratio(Numbers.Median(ours), Numbers.Median(limit)), "≥ 0.6", "the flush to disk at each commit, which both wait for");
    }

    private static async Task<double> Settle(Database database)
    {
        var source = Caller.Gateway("bench");
        var amount = new Amount(12_500, Currency.Of("KWD"));
        var ids = new Queue<PaymentId>(await database.List<PaymentId>("select id from money.payments where state = 'requires_action' limit 1000000"));
        var (settled, watch) = (0, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (watch.Elapsed.TotalSeconds < Seconds && Next() is { } id)
            {
                await database.InTransaction(tx => SettlePayment.Run(tx, source, new PaymentFact(id, FactState.Captured, amount, "pi_bench")));
                Interlocked.Increment(ref settled);
            }
        }));
        return settled / watch.Elapsed.TotalSeconds;

        PaymentId? Next() { lock (ids) return ids.TryDequeue(out var id) ? id : null; }
    }

    private static async Task Prepare(Machine machine)
    {
        await machine.Sql("truncate money.orders, money.payments, money.payment_guards, money.payment_events, money.order_lines, money.journals, money.entries, " +
            "foundation.audit, foundation.audit_seals, money.quarantine, money.refunds cascade");
        await machine.Sql($"""
            insert into money.orders (id, customer_id, provider_id, purpose, subject_id, currency, total_minor, fee_rule, fee_minor, expires_at, created_at)
            select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'bench', gen_random_uuid(), 'KWD', 12500, jsonb_build_object('basisPoints', 1500), 1875, now() + interval '1 hour', now() from generate_series(1, {Prepared});
            insert into money.payments (id, order_id, gateway, attempt, state, currency, amount_minor, step_minor, gateway_ref, created_at, changed_at)
            select gen_random_uuid(), id, 'stripe', 1, 'requires_action', 'KWD', 12500, 10, 'cs_' || id, now(), now() from money.orders;
            insert into money.payment_guards (payment_id) select id from money.payments;
            """);
        await machine.Sql("vacuum analyze");
        await machine.Sql("checkpoint");
    }

    [GeneratedRegex(@"tps = ([\d.]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Tps();
}
