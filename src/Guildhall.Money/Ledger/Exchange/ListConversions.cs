using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger.Exchange;

/// <summary>What the platform changed into other currencies, newest first, each with its rate. Keyset: pass the last id as <c>after</c>.</summary>
public static class ListConversions
{
    public const int PageSize = 50;

    public sealed record Conversion(ConversionId Id, Amount Sold, string From, Amount Bought, string To, long Numerator, long Denominator, Currency Base, string Source, Guid? By, string Why, DateTimeOffset At);

    public sealed record Page(IReadOnlyList<Conversion> Conversions, string? Next);

    private sealed record Row(ConversionId Id, string FromKind, Currency FromCurrency, long FromMinor, string ToKind, Currency ToCurrency, long ToMinor, long Numerator, long Denominator, Currency Base, string Source,
        Guid? ConvertedBy, string Why, DateTimeOffset ConvertedAt);

    internal static void Map(IEndpointRouteBuilder ledger) => ledger
        .MapGet("/conversions", async (ConversionId? after, Database database, CancellationToken stop) => Results.Json(await Run(database, after, stop), JsonRules.Options))
        .WithName(nameof(ListConversions)).Requires(MoneyPermissions.LedgerView).Produces<Page>();

    public static async Task<Page> Run(Database database, ConversionId? after, CancellationToken stop)
    {
        var rows = await database.List<Row>(Sql, new { after, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize).Select(r => new Conversion(r.Id, new Amount(r.FromMinor, r.FromCurrency), r.FromKind, new Amount(r.ToMinor, r.ToCurrency), r.ToKind, r.Numerator, r.Denominator,
            r.Base, r.Source, r.ConvertedBy, r.Why, r.ConvertedAt))], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString() : null);
    }

    private const string Sql = """
        select c.id, c.from_kind, c.from_currency, c.from_minor, c.to_kind, c.to_currency, c.to_minor, r.numerator, r.denominator, r.base, r.source, c.converted_by, c.why, c.converted_at
        from money.conversions c join money.fx_rates r on r.id = c.rate_id where (@after is null or c.id < @after) order by c.id desc limit @limit
        """;
}
