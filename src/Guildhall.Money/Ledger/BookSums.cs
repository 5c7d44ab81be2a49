using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Money.Ledger;

/// <summary>Adds entries up to a moment: the newest balance round that lies wholly before it, and the tail since. With an effective date, less what
/// is effective on or after it; nothing is effective after it is posted, so only what was posted since then is looked at.</summary>
internal static class BookSums
{
    public sealed record OfKind(string Kind, Currency Currency, long Minor);

    /// <summary>Every kind of account at the moment.</summary>
    public static Task<IReadOnlyList<OfKind>> Kinds(Database database, Moment moment, DateTimeOffset? effective, CancellationToken stop) =>
        database.List<OfKind>(KindsSql, new { moment = moment.Id, at = moment.At, effective }, stop);

    /// <summary>One account at the moment, debits positive.</summary>
    public static Task<long> Account(Database database, long account, Moment moment, DateTimeOffset? effective, CancellationToken stop) =>
        database.Find<long>(AccountSql, new { account, moment = moment.Id, at = moment.At, effective }, stop);

    /// <summary>Accounts as they are now, with whatever is committed, debits positive.</summary>
    public static async Task<IReadOnlyDictionary<long, long>> Now(Database database, long[] accounts, CancellationToken stop) =>
        (await database.List<AccountNow>(NowSql, new { accounts }, stop)).ToDictionary(a => a.AccountId, a => a.Minor);

    /// <summary>An account of the platform's own as the transaction sees it, debits positive.</summary>
    public static async Task<Amount> Now(Transaction tx, AccountKind kind, Currency currency) =>
        await tx.Find<long?>("select id from money.accounts where kind = @kind and owner_id is null and currency = @currency", new { kind, currency }) is { } account
            ? new Amount((await tx.Get<AccountNow>(NowSql, new { accounts = new[] { account } })).Minor, currency) : Amount.Zero(currency);

    private sealed record AccountNow(long AccountId, long Minor);

    private const string Base = """
        with m as (select o.epoch, o.xid from money.moments o where o.id = @moment),
        r as (
            select b.moment_id, o.floor_id, o.epoch, o.xid from money.balance_rounds b join money.moments o on o.id = b.moment_id
            where b.moment_id <= @moment and b.reach <= @at order by b.moment_id desc limit 1),
        f as (select coalesce(max(r.floor_id), 0) as floor_id, coalesce(max(r.epoch), 0) as epoch, coalesce(max(r.xid::text)::xid8, '0'::xid8) as xid from r),
        d as (select coalesce(max(o.floor_id), 0) as floor_id from money.moments o where o.at < @effective - interval '1 hour')
        """;

    private const string Tail = $"j.id > f.floor_id and (j.epoch, j.tx) >= (f.epoch, f.xid) and {Moment.Holds}";
    private const string Later = $"@effective is not null and j.id > d.floor_id and j.effective_at >= @effective and {Moment.Holds}";

    private const string KindsSql = $"""
        {Base}
        select t.kind, t.currency, sum(t.minor)::bigint as minor from (
            select k.kind, k.currency, k.minor from r join money.round_totals k on k.moment_id = r.moment_id
            union all
            select a.kind, a.currency, e.minor from m, f, money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id where {Tail}
            union all
            select a.kind, a.currency, -e.minor from m, d, money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id where {Later}) t
        group by t.kind, t.currency order by t.currency, t.kind limit 10000
        """;

    private const string AccountSql = $"""
        {Base}
        select coalesce(sum(t.minor), 0)::bigint from (
            select (select k.minor from money.round_accounts k where k.account_id = @account and k.moment_id <= r.moment_id order by k.moment_id desc limit 1) as minor from r
            union all
            select e.minor from m, f, money.entries e join money.journals j on j.id = e.journal_id where e.account_id = @account and e.journal_id > f.floor_id and {Tail}
            union all
            select -e.minor from m, d, money.entries e join money.journals j on j.id = e.journal_id where e.account_id = @account and e.journal_id > d.floor_id and {Later}) t
        """;

    private const string NowSql = """
        with r as (
            select b.moment_id, o.floor_id, o.epoch, o.xid from money.balance_rounds b join money.moments o on o.id = b.moment_id order by b.moment_id desc limit 1),
        f as (select coalesce(max(r.floor_id), 0) as floor_id, coalesce(max(r.epoch), 0) as epoch, coalesce(max(r.xid::text)::xid8, '0'::xid8) as xid from r)
        select a.id as account_id, coalesce(-b.owed_minor,
            coalesce((select k.minor from money.round_accounts k where k.account_id = a.id order by k.moment_id desc limit 1), 0)
            + coalesce((select sum(e.minor) from f, money.entries e join money.journals j on j.id = e.journal_id
                where e.account_id = a.id and e.journal_id > f.floor_id and (j.epoch, j.tx) >= (f.epoch, f.xid)), 0))::bigint as minor
        from money.accounts a left join money.balances b on b.account_id = a.id where a.id = any (@accounts) limit 1000
        """;
}
