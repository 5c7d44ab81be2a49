using Guildhall.Foundation.Data;
using Guildhall.Money.Orders;

namespace Guildhall.Money.Invoices;

/// <summary>An invoice as another module shows it beside its own. The state is derived now, as everywhere.</summary>
public sealed record InvoiceStanding(InvoiceId Id, string Number, InvoiceState State);

/// <summary>How invoices stand, for a module that had them issued and has decided who may know.</summary>
public static class InvoiceStandings
{
    private const int MaxIds = 200;

    private sealed record Row(InvoiceId Asked, InvoiceId Id, string Number, OrderState OrderState, bool Voided);

    /// <summary>Each as it stands now: what replaced it when it was corrected, itself when it is void and nothing did.</summary>
    public static async Task<IReadOnlyDictionary<InvoiceId, InvoiceStanding>> Of(Database database, IReadOnlyList<InvoiceId> ids, CancellationToken stop)
    {
        if (ids.Count > MaxIds) throw new ArgumentException($"At most {MaxIds} at once.", nameof(ids));
        if (ids.Count == 0) return new Dictionary<InvoiceId, InvoiceStanding>();
        var rows = await database.List<Row>(NowSql, new { ids = ids.ToArray() }, stop);
        return rows.ToDictionary(i => i.Asked, i => new InvoiceStanding(i.Id, i.Number, Invoice.StateOf(InvoiceKind.Invoice, i.OrderState, i.Voided)));
    }

    /// <summary>Whether it, or what replaced it, is not void. Locks its order, so that the answer stays true until the transaction ends.</summary>
    public static async Task<bool> Stands(Transaction tx, InvoiceId id)
    {
        if (await InvoiceRows.Find(tx, id) is not { } known) return false;
        await Orders.Orders.Lock(tx, known.OrderId);
        return await InvoiceRows.Live(tx, known.OrderId) is not null;
    }

    private const string NowSql = """
        select distinct on (a.id) a.id as asked, i.id, i.number, o.state as order_state, coalesce(g.voided, false) as voided
        from money.invoices a join money.invoices i on i.order_id = a.order_id and i.kind = 'invoice' join money.orders o on o.id = i.order_id left join money.invoice_guards g on g.invoice_id = i.id
        where a.id = any (@ids) order by a.id, coalesce(g.voided, false), i.id desc limit 200
        """;
}
