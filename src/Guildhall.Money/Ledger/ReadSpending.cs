using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Money.Ledger;

/// <summary>What a customer paid and got back, as the books have it: the money that moved, not what was ordered.</summary>
public static class ReadSpending
{
    /// <summary>One currency. <c>Paid</c> is what was taken for the customer's orders since the moment asked for, <c>Back</c> what reached the customer again in that time, by refund or by the bank of a
    /// disputed payment, <c>Kept</c> the difference. <c>OnItsWay</c> is what was taken out of their orders to be given back and has not arrived yet, of whatever age: it still counts as paid.
    /// Money that was set aside because it fits no order counts nowhere.</summary>
    public sealed record Sum(Amount Paid, Amount Back, Amount Kept, Amount OnItsWay);

    private sealed record Row(Currency Currency, long Paid, long Back, long OnItsWay);

    /// <summary>A sum for each currency in which anything moved, by its code; none when nothing did. Whoever asks may see the customer's money: this does not look.</summary>
    public static async Task<IReadOnlyList<Sum>> Run(Database database, Guid customer, DateTimeOffset since, CancellationToken stop) =>
        [.. (await database.List<Row>(Select, new { customer, since }, stop)).Where(r => (r.Paid, r.Back, r.OnItsWay) is not (0, 0, 0)).Select(r =>
            new Sum(new(r.Paid, r.Currency), new(r.Back, r.Currency), new(r.Paid - r.Back, r.Currency), new(r.OnItsWay, r.Currency)))];

    // Where others hold the platform's money, a debit came from the customer and a credit went to them; the journals of fees and of settlements are not among these.
    private const string Select = """
        select a.currency,
            coalesce(sum(e.minor) filter (where a.kind <> 'refunds_in_transit' and j.kind = 'capture' and j.effective_at >= @since), 0)::bigint as paid,
            coalesce(-sum(e.minor) filter (where a.kind <> 'refunds_in_transit' and j.kind <> 'capture' and j.effective_at >= @since), 0)::bigint as back,
            coalesce(-sum(e.minor) filter (where a.kind = 'refunds_in_transit'), 0)::bigint as on_its_way
        from money.orders o join money.journals j on j.order_id = o.id join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
        where o.customer_id = @customer and a.kind in ('gateway_clearing', 'bank', 'cash', 'refunds_in_transit')
            and j.kind in ('capture', 'refund', 'refund_after_release', 'refund_unapplied', 'refund_completed', 'refund_failed', 'dispute_withdrawn', 'dispute_reinstated')
        group by a.currency order by a.currency limit 200
        """;
}
