using Guildhall.Foundation.Data;

namespace Guildhall.Money.Invoices;

/// <summary>An invoice as another module shows it beside its own. The state is derived now, as everywhere.</summary>
public sealed record InvoiceStanding(InvoiceId Id, string Number, InvoiceState State);

/// <summary>How invoices stand, for a module that had them issued and has decided who may know.</summary>
public static class InvoiceStandings
{
    private const int MaxIds = 200;

    public static async Task<IReadOnlyDictionary<InvoiceId, InvoiceStanding>> Of(Database database, IReadOnlyList<InvoiceId> ids, CancellationToken stop)
    {
        if (ids.Count > MaxIds) throw new ArgumentException($"At most {MaxIds} at once.", nameof(ids));
        if (ids.Count == 0) return new Dictionary<InvoiceId, InvoiceStanding>();
        var rows = await database.List<Invoice>($"select {InvoiceRows.Columns} {InvoiceRows.From} where i.id = any (@ids) limit 200", new { ids = ids.ToArray() }, stop);
        return rows.ToDictionary(i => i.Id, i => new InvoiceStanding(i.Id, i.Number, i.State));
    }
}
