using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Invoices;

/// <summary>Documents, newest first: one's own as buyer or as provider, or for staff all of them. Keyset: pass the last id as <c>after</c>.</summary>
public static class ListInvoices
{
    public const int PageSize = 50;
    private const int MaxExport = 10_000;

    public sealed record Page(IReadOnlyList<InvoiceSummary> Invoices, string? Next);

    /// <summary>Which papers; what is null does not matter.</summary>
    public sealed record Filter
    {
        /// <summary><c>invoice</c>, <c>credit_note</c> or <c>receipt</c>.</summary>
        public string? Kind { get; init; }

        /// <summary><c>issued</c>, <c>paid</c> or <c>void</c>.</summary>
        public string? State { get; init; }

        /// <summary>The beginning of the number.</summary>
        public string? Number { get; init; }

        public DateTimeOffset? From { get; init; }
        public DateTimeOffset? Until { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder invoices) => invoices
        .MapGet("/", async (string? kind, InvoiceId? after, Caller caller, Database database, CancellationToken stop) => Results.Json(await Own(database, caller, kind, after, stop), JsonRules.Options))
        .WithName(nameof(ListInvoices)).RequiresSignIn().Produces<Page>();

    internal static void MapAdmin(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/invoices", async ([AsParameters] Filter filter, InvoiceId? after, Database database, CancellationToken stop) => Results.Json(await All(database, filter, after, stop), JsonRules.Options))
            .WithName("ListAllInvoices").Requires(MoneyPermissions.InvoiceView).Produces<Page>();
        admin.MapGet("/invoices.csv", async ([AsParameters] Filter filter, Database database, CancellationToken stop) => Results.File(await Csv(database, filter, stop), "text/csv; charset=utf-8", "invoices.csv"))
            .WithName("ExportInvoices").Requires(MoneyPermissions.InvoiceView).UnderQuota(Quotas.Exports).Produces(200, contentType: "text/csv");
    }

    public static Task<Page> Own(Database database, Caller caller, string? kind, InvoiceId? after, CancellationToken stop) =>
        Cut(Read(database, caller.AccountId, new Filter { Kind = kind }, after, PageSize + 1, stop));

    public static Task<Page> All(Database database, Filter filter, InvoiceId? after, CancellationToken stop) => Cut(Read(database, null, filter, after, PageSize + 1, stop));

    /// <summary>The same as a table, at most 10,000 rows, oldest last. Nothing of the buyer but the account.</summary>
    public static async Task<byte[]> Csv(Database database, Filter filter, CancellationToken stop)
    {
        var csv = new Csv().Row("number", "kind", "state", "issued_at", "due_at", "order", "buyer", "provider", "currency", "total", "tax", "credited", "sha256");
        foreach (var i in (await Read(database, null, filter, null, MaxExport, stop)).Select(r => r.ToSummary()))
            csv.Row(i.Number, Names.Of(i.Kind), Names.Of(i.State), Time(i.IssuedAt), Time(i.DueAt), i.OrderId, i.BuyerId, i.ProviderId, i.Total.Currency.Code, i.Total, i.Tax, i.Credited, i.FileSha256);
        return csv.ToBytes();
    }

    private static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static Task<IReadOnlyList<Invoice>> Read(Database database, Guid? own, Filter filter, InvoiceId? after, int limit, CancellationToken stop) => database.List<Invoice>($"""
        select {InvoiceRows.Columns} {InvoiceRows.From}
        where (@own is null or i.buyer_id = @own or i.provider_id = @own) and (@Kind is null or i.kind = @Kind) and (@after is null or i.id < @after)
            and (@Number is null or starts_with(i.number, @Number)) and (@From is null or i.issued_at >= @From) and (@Until is null or i.issued_at < @Until)
            and (@State is null or @State = case when g.voided then 'void' when i.kind = 'invoice' and o.state = 'paid' then 'paid' else 'issued' end)
        order by i.id desc limit @limit
        """, new { own, filter.Kind, filter.State, Number = string.IsNullOrWhiteSpace(filter.Number) ? null : filter.Number.Trim().ToUpperInvariant(), filter.From, filter.Until, after, limit }, stop);

    private static async Task<Page> Cut(Task<IReadOnlyList<Invoice>> read)
    {
        var rows = await read;
        return new([.. rows.Take(PageSize).Select(r => r.ToSummary())], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString() : null);
    }
}
