using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger.Exchange;

/// <summary>Records what one currency is worth in another, exactly, with its source and time. A rate is never changed; a newer one takes its place.</summary>
public static class RecordRate
{
    /// <param name="Numerator">1 major unit of Base is Numerator / Denominator major units of Quote: 0.3075 is 3075 / 10000.</param>
    /// <param name="QuotedAt">When the source said so; not in the future.</param>
    public sealed record Body(Currency Base, Currency Quote, long Numerator, long Denominator, string Source, DateTimeOffset QuotedAt);

    public sealed record View(RateId Id, Currency Base, Currency Quote, long Numerator, long Denominator, string Source, DateTimeOffset QuotedAt);

    internal static void Map(IEndpointRouteBuilder ledger)
    {
        ledger.MapPost("/rates", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(success: 201))
            .WithName(nameof(RecordRate)).Requires(MoneyPermissions.LedgerConvert).Idempotent().Produces<View>(201);
        ledger.MapGet("/rates", async (Database database, CancellationToken stop) => Results.Ok(await List(database, stop)))
            .WithName("ListRates").Requires(MoneyPermissions.LedgerView).Produces<IReadOnlyList<View>>();
    }

    public static Task<Result<View>> Run(Database database, Caller caller, Body body, CancellationToken stop) => database.InTransaction<Result<View>>(async tx =>
    {
        if (body.Base == body.Quote || body.Numerator <= 0 || body.Denominator <= 0 || body.Source?.Trim() is not { Length: >= 1 and <= 100 } source || body.QuotedAt > tx.Now) return MoneyRefusals.FxRateInvalid;
        var id = caller.OperationId is { } operation ? new RateId(operation) : tx.NewId<RateId>();
        var at = new DateTimeOffset(body.QuotedAt.UtcTicks - (body.QuotedAt.UtcTicks % 10), TimeSpan.Zero);
        var known = await tx.Find<View>(SameSql, new { body.Base, body.Quote, source, at });
        if (known is not null) return known.Numerator == body.Numerator && known.Denominator == body.Denominator ? known : MoneyRefusals.FxRateKnown;
        await tx.ChangeOne(InsertSql, new { id, body.Base, body.Quote, body.Numerator, body.Denominator, source, at, now = tx.Now, by = caller.AccountId });
        await tx.Audit(caller, "rate.recorded", "rate", id.ToString(), after: new { pair = $"{body.Base.Code}/{body.Quote.Code}", rate = $"{body.Numerator}/{body.Denominator}", source, at });
        return new View(id, body.Base, body.Quote, body.Numerator, body.Denominator, source, at);
    }, stop);

    /// <summary>The newest rate of every pair.</summary>
    public static Task<IReadOnlyList<View>> List(Database database, CancellationToken stop) => database.List<View>(ListSql, stop: stop);

    internal const string Columns = "r.id, r.base, r.quote, r.numerator, r.denominator, r.source, r.quoted_at";

    private const string SameSql = $"select {Columns} from money.fx_rates r where r.base = @base and r.quote = @quote and r.source = @source and r.quoted_at = @at";
    private const string ListSql = $"select distinct on (r.base, r.quote) {Columns} from money.fx_rates r order by r.base, r.quote, r.quoted_at desc, r.id desc limit 500";

    private const string InsertSql = """
        insert into money.fx_rates (id, base, quote, numerator, denominator, source, quoted_at, recorded_at, recorded_by)
        values (@id, @base, @quote, @numerator, @denominator, @source, @at, @now, @by)
        """;
}
