using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Balances;

/// <summary>What the platform would lose if it came to the worst, per provider and currency: debts, open disputes, and what was released while its payment
/// can still be disputed, less what is still held for the provider.</summary>
public static class ReportExposure
{
    public const int Most = 1000;

    public sealed record View(int WindowDays, IReadOnlyList<Sum> Sums, IReadOnlyList<Row> Rows);

    /// <summary>All providers in one currency.</summary>
    public sealed record Sum(Amount Owed, Amount Disputed, Amount Disputable, Amount Uncovered, long Providers);

    /// <summary><c>Owed</c>: a negative balance. <c>Disputed</c>: the provider's shares of open disputes. <c>Disputable</c>: shares released of payments that can
    /// still be disputed. <c>Held</c>: available, reserved and rolling money that could make it up. <c>Uncovered</c>: what would be lost beyond that.</summary>
    public sealed record Row(Guid Provider, Amount Owed, Amount Disputed, Amount Disputable, Amount Held, Amount Uncovered);

    private sealed record Found(Guid Provider, Currency Currency, long Owed, long Disputed, long Disputable, long Held, long Uncovered);
    private sealed record SumFound(Currency Currency, long Owed, long Disputed, long Disputable, long Uncovered, long Providers);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/exposure", async (Database database, CancellationToken stop) => Results.Ok(await Run(database, stop)))
            .WithName(nameof(ReportExposure)).Requires(MoneyPermissions.PaymentView).Produces<View>();
        admin.MapGet("/exposure.csv", async (Database database, CancellationToken stop) => Results.Text(Csv(await Run(database, stop)), "text/csv", Encoding.UTF8))
            .WithName("ExportExposure").Requires(MoneyPermissions.PaymentView).UnderQuota(Quotas.Exports);
    }

    /// <summary>The sums count every provider; the rows are the thousand with most uncovered.</summary>
    public static async Task<View> Run(Database database, CancellationToken stop)
    {
        var days = await database.Setting(MoneySettings.DisputeWindowDays, stop);
        var since = database.Clock.GetUtcNow().AddDays(-days);
        var rows = await database.List<Found>($"{Exposure} select provider, currency, owed, disputed, disputable, held, uncovered from exposed order by uncovered desc, owed desc, provider, currency limit {Most}", new { since }, stop);
        var sums = await database.List<SumFound>($"""
            {Exposure} select currency, sum(owed)::bigint as owed, sum(disputed)::bigint as disputed, sum(disputable)::bigint as disputable, sum(uncovered)::bigint as uncovered, count(*) as providers
            from exposed group by currency order by currency limit 200
            """, new { since }, stop);
        return new View(days, [.. sums.Select(s => { Amount Of(long minor) => new(minor, s.Currency); return new Sum(Of(s.Owed), Of(s.Disputed), Of(s.Disputable), Of(s.Uncovered), s.Providers); })],
            [.. rows.Select(r => { Amount Of(long minor) => new(minor, r.Currency); return new Row(r.Provider, Of(r.Owed), Of(r.Disputed), Of(r.Disputable), Of(r.Held), Of(r.Uncovered)); })]);
    }

    /// <summary>The rows as RFC 4180, amounts in the currency's own digits.</summary>
    public static string Csv(View view)
    {
        var csv = new Csv().Row("provider", "currency", "owed", "disputed", "disputable", "held", "uncovered");
        foreach (var row in view.Rows) csv.Row(row.Provider, row.Owed.Currency.Code, row.Owed, row.Disputed, row.Disputable, row.Held, row.Uncovered);
        return csv.ToString();
    }

    // An open dispute's share is set aside already (it made available smaller, or negative), so its loss is covered by what lies in provider_disputed.
    private const string Exposure = """
        with balances as (
            select a.owner_id as provider, a.currency, coalesce(sum(b.owed_minor) filter (where a.kind = 'provider_available'), 0)::bigint as available,
                coalesce(sum(b.owed_minor) filter (where a.kind = 'provider_disputed'), 0)::bigint as disputed,
                coalesce(sum(b.owed_minor) filter (where a.kind in ('provider_reserved', 'provider_rolling')), 0)::bigint as kept
            from money.accounts a join money.balances b on b.account_id = a.id where a.owner_id is not null group by 1, 2),
        released as (
            select o.provider_id as provider, o.currency, sum(g.captured_minor - g.refunded_minor - g.disputed_minor - o.fee_minor - o.fee_tax_minor
                + g.fee_back_minor + g.fee_tax_back_minor + g.disputed_fee_minor + g.disputed_tax_minor)::bigint as disputable
            from money.orders o join money.payment_guards g on g.payment_id = o.paid_payment_id
            where o.released_at is not null and o.released_at >= @since and o.paid_at >= @since group by 1, 2),
        exposed as (
            select b.provider, b.currency, greatest(-b.available, 0) as owed, b.disputed, coalesce(r.disputable, 0) as disputable, greatest(b.available, 0) + b.kept as held,
                greatest(coalesce(r.disputable, 0) - b.available - b.kept, 0) as uncovered
            from balances b left join released r on r.provider = b.provider and r.currency = b.currency
            where b.available < 0 or b.disputed > 0 or coalesce(r.disputable, 0) > 0)
        """;
}
