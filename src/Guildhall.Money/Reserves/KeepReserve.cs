using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Money.Ledger;
using Guildhall.Money.Orders;

namespace Guildhall.Money.Reserves;

/// <summary>Keeps a part of a release back, by the settings in force, with its own row and day.</summary>
internal static class KeepReserve
{
    /// <returns>What is kept of it; zero when nothing is.</returns>
    public static async Task<Amount> Of(Transaction tx, Order order, Amount earned)
    {
        var kept = earned.BasisPoints(await tx.Setting(MoneySettings.RollingReserve));
        if (!kept.IsPositive) return Amount.Zero(order.Currency);
        var (id, on) = (tx.NewId<ReserveId>(), tx.Now.AddDays(await tx.Setting(MoneySettings.RollingReserveDays)));
        await tx.ChangeOne(Insert, new { id, order = order.Id, provider = order.ProviderId, currency = kept.Currency, kept.Minor, now = tx.Now, on });
        await tx.Enqueue(new ReleaseReserve(id), runAt: on, uniqueKey: id.ToString());
        await tx.Publish(new ReserveChanged(id, order.Id, order.ProviderId, kept, Released: false, on));
        return kept;
    }

    private const string Insert = """
        insert into money.reserves (id, order_id, provider_id, currency, minor, held_at, release_at) values (@id, @order, @provider, @currency, @Minor, @now, @on)
        """;
}

/// <summary>The day of a reserve has come: it becomes available, once.</summary>
public sealed record ReleaseReserve(ReserveId Reserve) : IJob
{
    public static string Kind => "release_reserve";

    private static readonly Caller Source = Caller.System("reserves");

    private sealed record Row(ReserveId Id, OrderId OrderId, Guid ProviderId, Currency Currency, long Minor, DateTimeOffset ReleaseAt);

    internal static async Task Run(Transaction tx, ReleaseReserve job)
    {
        var row = await tx.Find<Row>("""
            select id, order_id, provider_id, currency, minor, release_at from money.reserves where id = @Reserve and released_at is null and release_at <= @now for update
            """, new { job.Reserve, now = tx.Now });
        if (row is null) return;
        var amount = new Amount(row.Minor, row.Currency);
        await tx.ChangeOne("update money.reserves set released_at = @now where id = @Id and released_at is null", new { row.Id, now = tx.Now });
        await tx.Publish(new ReserveChanged(row.Id, row.OrderId, row.ProviderId, amount, Released: true, row.ReleaseAt));
        await new Journal($"reserve:{row.Id}", "reserve_released", row.OrderId).Move(amount, debit: Book.Rolling(row.ProviderId), credit: Book.Available(row.ProviderId)).Post(tx);
        await tx.Audit(Source, "reserve.released", "order", row.OrderId.ToString(), after: new { reserve = row.Id, amount });
    }
}
