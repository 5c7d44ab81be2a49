using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Withdrawals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Payouts;

/// <summary>(none) → built: takes up to 10,000 approved withdrawals of one currency that go by bank file and are in no batch. What may not be sent now
/// is held instead. Two people who build at once share what waits: no payout is in both.</summary>
public static class BuildBatch
{
    internal const int Most = 10_000;

    /// <summary>The currency, and the day on which the bank is to move the money (today in UTC when null).</summary>
    public sealed record Body(string Currency, DateOnly? ExecuteOn = null);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/payout-batches", async (Body body, Caller caller, Database database, MasterKey master, BankOptions bank, CancellationToken stop) =>
            (await Run(database, master, bank, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(BuildBatch)).Requires(MoneyPermissions.WithdrawalDecide).Idempotent().Produces<BatchView>(201);

    public static async Task<Result<BatchView>> Run(Database database, MasterKey master, BankOptions bank, Caller caller, Body body, CancellationToken stop)
    {
        if (!Currency.TryParse(body.Currency, out var currency)) return MoneyRefusals.WrongCurrency;
        if (!bank.Accounts.ContainsKey(currency.Code)) return MoneyRefusals.BankAccountMissing;
        // Holds are kept even when nothing is left to send.
        var (built, batch) = await database.InTransaction(tx => Build(tx, master, caller, currency, body.ExecuteOn), stop);
        return built ? (await BatchRows.Find(database, batch, stop))!.ToView() : MoneyRefusals.BatchEmpty;
    }

    private static async Task<(bool Built, PayoutBatchId Batch)> Build(Transaction tx, MasterKey master, Caller caller, Currency currency, DateOnly? executeOn)
    {
        var id = caller.OperationId is { } operation ? new PayoutBatchId(operation) : tx.NewId<PayoutBatchId>();
        if (await tx.Find<PayoutBatchId?>("select id from money.payout_batches where id = @id", new { id }) is not null) return (true, id);
        var waiting = await tx.List<PayoutId>(Waiting, new { currency, Most });
        var items = await BatchItems.Sendable(tx, master, caller, waiting);
        if (items.Count == 0) return (false, id);

        var today = DateOnly.FromDateTime(tx.Now.UtcDateTime);
        await tx.ChangeOne("insert into money.payout_batches (id, currency, state, execute_on, built_by, built_at) values (@id, @currency, 'built', @day, @by, @now)",
            new { id, currency, day = executeOn is { } day && day > today ? day : today, by = caller.AccountId, now = tx.Now });
        await tx.Change("""
            insert into money.payout_batch_items (batch_id, payout_id, no, minor) select @id, x.payout, x.no, x.minor from unnest(@payouts, @minors) with ordinality as x(payout, minor, no)
            """, new { id, payouts = items.Select(i => i.Item.Id.Value).ToArray(), minors = items.Select(i => i.Item.Net.Minor).ToArray() });
        await WithdrawalEvents.AddAll(tx, caller, [.. items.Select(i => i.Item.WithdrawalId)], "in_batch", id.ToString());
        await tx.Audit(caller, "batch.built", "payout_batch", id.ToString(), after: new { currency, items.Count });
        return (true, id);
    }

    private const string Waiting = """
        select p.id from money.withdrawals w join money.payouts p on p.withdrawal_id = w.id
        where p.state = 'created' and p.gateway = 'bank_file' and w.state = 'approved' and w.held_code is null and w.currency = @currency
            and not exists (select 1 from money.payout_batch_items i where i.payout_id = p.id and i.state = 'included')
        order by w.id limit @Most for update of w, p skip locked
        """;
}

/// <summary>What of these payouts may be sent now; the rest is held, with the reason.</summary>
internal static class BatchItems
{
    private sealed record Sealed(DestinationId Id, byte[] HolderSealed);

    public static async Task<IReadOnlyList<(Recheck.Item Item, PainFile.Transfer Transfer)>> Sendable(Transaction tx, MasterKey master, Caller caller, IReadOnlyCollection<PayoutId> payouts)
    {
        var looked = await Recheck.Lock(tx, payouts);
        var details = (await tx.List<Sealed>("select id, holder_sealed from money.destinations where id = any (@ids)",
            new { ids = looked.Where(l => l.Hold is null).Select(l => l.Item.DestinationId.Value).Distinct().ToArray() })).ToDictionary(d => d.Id, d => d.HolderSealed);
        var (good, held) = (new List<(Recheck.Item, PainFile.Transfer)>(looked.Count), new List<(Recheck.Item, Hold)>());
        foreach (var (item, hold) in looked)
            if (hold is { } why) held.Add((item, why));
            else if (PainFile.Of(item.Id.Value.ToString("N"), item.Net, BankDetails.Open(master, item.DestinationId, details[item.DestinationId])) is { } transfer) good.Add((item, transfer));
            else held.Add((item, Hold.DestinationUnfit));
        await Recheck.Keep(tx, caller, held);
        return good;
    }
}
