using System.Diagnostics;
using System.Globalization;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Payouts;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Bench;

/// <summary>Ten thousand approved withdrawals become one batch for the bank: all of BuildBatch, with its second look at balances, limits and bank details.</summary>
internal static class PayoutsInABatch
{
    private const int Many = 10_000;
    private static readonly BankOptions Bank = new("Guildhall", new Dictionary<string, BankOptions.Debtor>(StringComparer.Ordinal) { ["KWD"] = new("KW81CBKU0000000000001234560101", "CBKUKWKWXXX") });

    public static async Task Run(Machine machine)
    {
        await using var app = Product.Build(machine);
        var (database, master, seconds) = (app.Services.GetRequiredService<Database>(), app.Services.GetRequiredService<MasterKey>(), new List<double>());
        await Books.Fresh(machine, journals: 10_000);
        for (var repetition = 0; repetition < Load.Repetitions; repetition++)
        {
            await Prepare(machine, master);
            var watch = Stopwatch.StartNew();
            var batch = (await BuildBatch.Run(database, master, Bank, new Caller { Kind = CallerKind.Person, AccountId = Guid.CreateVersion7(), Name = "bench" }, new BuildBatch.Body("KWD"), default)).OrThrow();
            seconds.Add(watch.Elapsed.TotalSeconds);
            if (batch.Count != Many) throw new InvalidOperationException($"{batch.Count} are in the batch.");
        }
        machine.Row("batch of 10,000 withdrawals built", string.Create(CultureInfo.InvariantCulture, $"{Numbers.Median(seconds):0.00} s ({seconds.Min():0.00}–{seconds.Max():0.00})"), "", "", "≤ 5 s",
            "every destination is opened and its account number checked");
    }

    private static async Task Prepare(Machine machine, MasterKey master)
    {
        await machine.Sql("truncate money.destinations, money.withdrawals, money.payouts, money.payout_batches cascade");
        var details = new BankDetails("Bench Provider", "KW81CBKU0000000000001234560101", "KW", null);
        var rows = Enumerable.Range(0, Many).Select(n => (Provider: Books.Provider(n), Destination: Guid.CreateVersion7()))
            .Select(r => $"('{r.Destination}'::uuid, '{r.Provider}'::uuid, '\\x{Convert.ToHexString(details.Seal(master, new DestinationId(r.Destination)))}'::bytea)");
        await machine.Sql($"""
            create temporary table x (d uuid, p uuid, s bytea);
            insert into x values {string.Join(',', rows)};
            insert into money.destinations (id, provider_id, holder_sealed, hint, created_at, usable_from, changed_by) select d, p, s, '0101', now() - interval '9 days', now() - interval '9 days', p from x;
            with w as (insert into money.withdrawals (id, provider_id, destination_id, currency, minor, state, requested_by, requested_at, decided_by, decided_at, changed_at)
                select gen_random_uuid(), p, d, 'KWD', 20000, 'approved', p, now(), gen_random_uuid(), now(), now() from x returning id)
            insert into money.payouts (id, withdrawal_id, gateway, state, created_at, changed_at) select gen_random_uuid(), id, 'bank_file', 'created', now(), now() from w;
            """);
        await machine.Sql("vacuum analyze money.destinations, money.withdrawals, money.payouts");
        await machine.Sql("checkpoint");
    }
}
