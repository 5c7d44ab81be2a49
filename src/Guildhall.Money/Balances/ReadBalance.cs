using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Disputes;
using Guildhall.Money.Withdrawals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Balances;

/// <summary>What a provider has, per currency, each figure with what it is made of: pending (paid orders in escrow, less the frozen fee), available,
/// reserved (withdrawals under way), disputed (shares set aside), rolling (kept back until a day), and the newest ledger lines of these accounts;
/// older ones by <see cref="ListBalanceLines"/>. It costs the same however long the account's history is.</summary>
public static class ReadBalance
{
    public sealed record View(IReadOnlyList<Money> Balances);

    /// <summary>All in one currency. Available is negative after a late refund or a dispute: <c>Owes</c> is what the next earnings make up first.</summary>
    public sealed record Money(string Currency, Amount Pending, Amount Available, Amount Reserved, Amount Disputed, Amount Rolling, Amount Owes, string Says,
        IReadOnlyList<Held> PendingOrders, IReadOnlyList<Asked> Withdrawals, IReadOnlyList<Aside> Disputes, IReadOnlyList<Kept> Reserves, IReadOnlyList<Line> Lines);

    /// <summary>An order in escrow: what the customer paid and was not given back, the platform's fee on it, what the provider will earn, and what keeps it
    /// there: completion, a complaint or a dispute.</summary>
    public sealed record Held(OrderId Order, string Purpose, Guid Subject, Amount Gross, Amount Fee, Amount Net, DateTimeOffset PaidAt, string WaitsFor);

    /// <summary>A withdrawal whose money is reserved, and who approved it.</summary>
    public sealed record Asked(WithdrawalId Withdrawal, WithdrawalState State, Amount Amount, DateTimeOffset RequestedAt, Guid? ApprovedBy, DateTimeOffset? ApprovedAt);

    /// <summary>A share set aside for a dispute.</summary>
    public sealed record Aside(DisputeId Dispute, OrderId Order, DisputeState State, Amount Amount, DateTimeOffset OpenedAt, DateTimeOffset? AnswerDueAt);

    /// <summary>A part of a release that becomes available on a day.</summary>
    public sealed record Kept(ReserveId Reserve, OrderId Order, Amount Amount, DateTimeOffset ReleaseAt);

    /// <summary>One ledger line: positive adds to the figure of its account.</summary>
    public sealed record Line(DateTimeOffset At, string Journal, string Reference, OrderId? Order, string Account, Amount Amount);

    private sealed record HeldRow(OrderId Id, string Purpose, Guid SubjectId, Currency Currency, long Gross, long Fee, DateTimeOffset PaidAt, string WaitsFor);
    private sealed record BalanceRow(string Kind, Currency Currency, long OwedMinor);
    private sealed record AskedRow(WithdrawalId Id, WithdrawalState State, Currency Currency, long Minor, DateTimeOffset RequestedAt, Guid? DecidedBy, DateTimeOffset? DecidedAt);
    private sealed record AsideRow(DisputeId Id, OrderId OrderId, DisputeState State, Currency Currency, long Minor, DateTimeOffset OpenedAt, DateTimeOffset? DueAt);
    private sealed record KeptRow(ReserveId Id, OrderId OrderId, Currency Currency, long Minor, DateTimeOffset ReleaseAt);

    private sealed record Rows(IReadOnlyList<BalanceRow> Balances, IReadOnlyList<HeldRow> Held, IReadOnlyList<AskedRow> Asked, IReadOnlyList<AsideRow> Aside, IReadOnlyList<KeptRow> Kept);

    internal static void Map(IEndpointRouteBuilder providers, IEndpointRouteBuilder admin)
    {
        providers.MapGet("/me/balance", async (Caller caller, Database database, CancellationToken stop) => Results.Ok(await Run(database, caller.AccountId!.Value, stop)))
            .WithName(nameof(ReadBalance)).RequiresSignIn().ChecksSessionRow().Produces<View>();
        admin.MapGet("/providers/{provider:guid}/balance", async (Guid provider, Database database, CancellationToken stop) => Results.Ok(await Run(database, provider, stop)))
            .WithName("ReadProviderBalance").Requires(MoneyPermissions.PaymentView).Produces<View>();
    }

    public static async Task<View> Run(Database database, Guid provider, CancellationToken stop)
    {
        var rows = new Rows(await database.List<BalanceRow>(BalancesSql, new { provider }, stop), await database.List<HeldRow>(HeldSql, new { provider }, stop),
            await database.List<AskedRow>(AskedSql, new { provider }, stop), await database.List<AsideRow>(AsideSql, new { provider }, stop), await database.List<KeptRow>(KeptSql, new { provider }, stop));
        var currencies = rows.Balances.Select(b => b.Currency).Concat(rows.Held.Select(h => h.Currency)).Distinct().OrderBy(c => c.Code, StringComparer.Ordinal);
        var view = new List<Money>();
        foreach (var currency in currencies)
            view.Add(One(currency, rows, (await ListBalanceLines.Run(database, provider, currency, null, null, stop)).Lines));
        return new View(view);
    }

    private static Money One(Currency currency, Rows rows, IReadOnlyList<Line> lines)
    {
        Amount Of(long minor) => new(minor, currency);
        Amount Owed(string kind) => Of(rows.Balances.Where(b => b.Currency == currency && string.Equals(b.Kind, kind, StringComparison.Ordinal)).Sum(b => b.OwedMinor));
        var orders = rows.Held.Where(h => h.Currency == currency).Select(h => new Held(h.Id, h.Purpose, h.SubjectId, Of(h.Gross), Of(h.Fee), Of(h.Gross - h.Fee), h.PaidAt, h.WaitsFor)).ToList();
        var available = Owed("provider_available");
        return new Money(currency.Code, Of(orders.Sum(o => o.Net.Minor)), available, Owed("provider_reserved"), Owed("provider_disputed"), Owed("provider_rolling"), Of(Math.Max(0, -available.Minor)),
            Sentence(available), orders, [.. rows.Asked.Where(a => a.Currency == currency).Select(a => new Asked(a.Id, a.State, Of(a.Minor), a.RequestedAt, a.DecidedBy, a.DecidedAt))],
            [.. rows.Aside.Where(a => a.Currency == currency).Select(a => new Aside(a.Id, a.OrderId, a.State, Of(a.Minor), a.OpenedAt, a.DueAt))],
            [.. rows.Kept.Where(k => k.Currency == currency).Select(k => new Kept(k.Id, k.OrderId, Of(k.Minor), k.ReleaseAt))], lines);
    }

    private static string Sentence(Amount available) => available.Minor switch
    {
        < 0 => $"{-available} is owed to the platform after a refund, a dispute or a fee. The next earnings make it up; until then nothing can be withdrawn.",
        0 => "Nothing can be withdrawn now.",
        _ => $"{available} can be withdrawn.",
    };

    private const string BalancesSql = """
        select a.kind, a.currency, b.owed_minor from money.accounts a join money.balances b on b.account_id = a.id where a.owner_id = @provider order by a.id limit 1000
        """;

    private const string HeldSql = """
        select o.id, o.purpose, o.subject_id, o.currency, g.captured_minor - g.refunded_minor - g.disputed_minor - g.parted_minor as gross,
            o.fee_minor + o.fee_tax_minor - g.fee_back_minor - g.fee_tax_back_minor - g.disputed_fee_minor - g.disputed_tax_minor - g.parted_fee_minor - g.parted_tax_minor as fee, o.paid_at,
            case when exists (select 1 from money.disputes d where d.order_id = o.id and d.closed_at is null) then 'dispute'
                when exists (select 1 from money.order_holds h where h.order_id = o.id and h.ended_at is null) then 'complaint' else 'completion' end as waits_for
        from money.orders o join money.payment_guards g on g.payment_id = o.paid_payment_id
        where o.provider_id = @provider and o.state = 'paid' and o.released_at is null and g.captured_minor > g.refunded_minor + g.disputed_minor + g.parted_minor order by o.id desc limit 500
        """;

    private const string AskedSql = """
        select id, state, currency, minor, requested_at, decided_by, decided_at from money.withdrawals
        where provider_id = @provider and state in ('pending', 'approved') order by id desc limit 200
        """;

    private const string AsideSql = """
        select d.id, d.order_id, d.state, d.currency, d.taken_minor - d.taken_fee_minor - d.taken_tax_minor as minor, d.opened_at, d.due_at
        from money.disputes d join money.orders o on o.id = d.order_id where d.closed_at is null and d.position = 'held' and o.provider_id = @provider order by d.id desc limit 200
        """;

    private const string KeptSql = """
        select id, order_id, currency, minor, release_at from money.reserves where provider_id = @provider and released_at is null order by release_at, id limit 500
        """;
}
