using System.Numerics;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger.Exchange;

/// <summary>Books that the platform changed money of its own into another currency: one journal of two legs, each balanced in its currency against the
/// exchange account. The amount is exact by the newest rate and rounded half to even to the minor unit; a stale rate is refused, and so is more than the account holds:
/// conversions come one after the other.</summary>
public static class ConvertMoney
{
    /// <param name="From">Where the money leaves: gateway_clearing, bank or cash.</param>
    /// <param name="Rate">The rate that was shown: the newest of its pair, in either direction.</param>
    public sealed record Body(Amount Amount, string From, string To, RateId Rate, string Why);

    /// <param name="Rounding">Always half_even: from the exact product to the minor unit of the currency bought.</param>
    public sealed record View(ConversionId Id, Amount Sold, string From, Amount Bought, string To, RecordRate.View Rate, string Rounding, DateTimeOffset At);

    private sealed record Row(ConversionId Id, string FromKind, Currency FromCurrency, long FromMinor, string ToKind, Currency ToCurrency, long ToMinor, RateId RateId, DateTimeOffset ConvertedAt);

    internal static void Map(IEndpointRouteBuilder ledger) => ledger
        .MapPost("/conversions", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(ConvertMoney)).Requires(MoneyPermissions.LedgerConvert).Idempotent().Produces<View>(201);

    public static Task<Result<View>> Run(Database database, Caller caller, Body body, CancellationToken stop) => database.InTransaction(tx => Run(tx, caller, body), stop);

    internal static async Task<Result<View>> Run(Transaction tx, Caller caller, Body body)
    {
        var id = caller.OperationId is { } operation ? new ConversionId(operation) : tx.NewId<ConversionId>();
        if (await tx.Find<Row>(FindSql, new { id }) is { } done) return await ToView(tx, done);
        if (!body.Amount.IsPositive) return MoneyRefusals.AmountNotPositive;
        if (body.Why?.Trim() is not { Length: >= 1 and <= 500 } why) return MoneyRefusals.ReasonMissing;
        if (Account(body.From) is not { } from || Account(body.To) is not { } to) return MoneyRefusals.ConversionAccount;
        if (await tx.Find<RecordRate.View>(RateSql, new { id = body.Rate }) is not { } rate) return MoneyRefusals.FxRateUnknown;
        if (rate.Base != body.Amount.Currency && rate.Quote != body.Amount.Currency) return MoneyRefusals.WrongCurrency;
        var oldest = tx.Now.AddHours(-await tx.Setting(MoneySettings.FxRateMaxAge));
        if (rate.QuotedAt < oldest || await tx.Get<bool>(NewerSql, new { rate.Id, rate.Base, rate.Quote, rate.QuotedAt })) return MoneyRefusals.FxRateStale;
        if (Exchange(body.Amount, rate) is not { IsPositive: true } bought) return MoneyRefusals.ConversionOutOfRange;
        await tx.Find<int?>("select 1 from pg_advisory_xact_lock(hashtextextended('money.conversion', 0))");
        if (await BookSums.Now(tx, from, body.Amount.Currency) is var held && held < body.Amount) return MoneyRefusals.ConversionTooLarge.With(("held", held));

        await new Journal($"conversion:{id}", "conversion")
            .Move(body.Amount, debit: Book.Platform(AccountKind.FxPosition), credit: Book.Platform(from))
            .Move(bought, debit: Book.Platform(to), credit: Book.Platform(AccountKind.FxPosition)).Post(tx);
        await tx.ChangeOne(InsertSql, new
        {
            id, rate = body.Rate, fromKind = from, fromCurrency = body.Amount.Currency, fromMinor = body.Amount.Minor, toKind = to, toCurrency = bought.Currency, toMinor = bought.Minor,
            by = caller.AccountId, why, now = tx.Now,
        });
        await tx.Audit(caller, "money.converted", "conversion", id.ToString(), after: new { sold = body.Amount, bought, rate = rate.Id.ToString() }, why: why);
        return new View(id, body.Amount, body.From, bought, body.To, rate, "half_even", tx.Now);
    }

    /// <summary>What the amount is worth at the rate, whichever way round it is quoted; null when it does not fit 64 bits.</summary>
    internal static Amount? Exchange(Amount amount, RecordRate.View rate)
    {
        var forward = amount.Currency == rate.Base;
        var into = forward ? rate.Quote : rate.Base;
        var (numerator, denominator) = forward ? (rate.Numerator, rate.Denominator) : (rate.Denominator, rate.Numerator);
        var whole = (BigInteger)denominator * amount.Currency.MinorPerMajor;
        var (quotient, remainder) = BigInteger.DivRem((BigInteger)amount.Minor * numerator * into.MinorPerMajor, whole);
        var half = (remainder * 2).CompareTo(whole);
        if (half > 0 || (half == 0 && !quotient.IsEven)) quotient++;
        return quotient > long.MaxValue ? null : new Amount((long)quotient, into);
    }

    private static AccountKind? Account(string name) => name switch
    {
        "gateway_clearing" => AccountKind.GatewayClearing, "bank" => AccountKind.Bank, "cash" => AccountKind.Cash, _ => null,
    };

    private static async Task<View> ToView(Transaction tx, Row row) => new(row.Id, new Amount(row.FromMinor, row.FromCurrency), row.FromKind, new Amount(row.ToMinor, row.ToCurrency), row.ToKind,
        await tx.Get<RecordRate.View>(RateSql, new { id = row.RateId }), "half_even", row.ConvertedAt);

    private const string RateSql = $"select {RecordRate.Columns} from money.fx_rates r where r.id = @id";

    private const string NewerSql = """
        select exists (select 1 from money.fx_rates r where r.quoted_at > @quotedAt and r.id <> @id and ((r.base = @base and r.quote = @quote) or (r.base = @quote and r.quote = @base)))
        """;

    private const string FindSql = """
        select c.id, c.from_kind, c.from_currency, c.from_minor, c.to_kind, c.to_currency, c.to_minor, c.rate_id, c.converted_at from money.conversions c where c.id = @id
        """;

    private const string InsertSql = """
        insert into money.conversions (id, rate_id, from_kind, from_currency, from_minor, to_kind, to_currency, to_minor, converted_by, why, converted_at)
        values (@id, @rate, @fromKind, @fromCurrency, @fromMinor, @toKind, @toCurrency, @toMinor, @by, @why, @now)
        """;
}
