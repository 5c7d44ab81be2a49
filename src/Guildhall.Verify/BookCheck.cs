namespace Guildhall.Verify;

/// <summary>The laws that the rows of the books keep among themselves.</summary>
internal static class BookCheck
{
    /// <summary>One journal in itself.</summary>
    public static void Journal(Journal journal, Findings findings)
    {
        if (journal.Entries.Count < 2) findings.Add("two entries", $"{journal.Named} has {journal.Entries.Count}");
        for (var i = 0; i < journal.Entries.Count; i++)
        {
            var entry = journal.Entries[i];
            if (entry.No != i + 1) findings.Add("numbered entries", $"{journal.Named}: entry {entry.No} stands where {i + 1} was expected");
            if (entry.Kind is null) findings.Add("accounts", $"{journal.Named}: entry {entry.No} is of account {entry.Account}, which does not exist");
        }
        foreach (var currency in journal.Entries.GroupBy(e => e.Currency, StringComparer.Ordinal))
            if (currency.Aggregate((Int128)0, (sum, e) => sum + e.Minor) is var left && left != 0) findings.Add("zero sum", $"{journal.Named} leaves {left} {currency.Key}");
    }

    /// <summary>What is kept beside the journals: balances, rounds, periods, conversions.</summary>
    public static async Task Run(BookReader books, Findings findings, CancellationToken stop)
    {
        foreach (var (law, says, sql) in Laws)
            await foreach (var row in books.Rows(sql + " limit 1", stop))
                findings.Add(law, string.Format(System.Globalization.CultureInfo.InvariantCulture, says, row));
    }

    // Each answers the first row that breaks the law.
    private static readonly (string Law, string Says, string Sql)[] Laws =
    [
        ("unique references", "reference {0} is borne by {1} journals, the first is {2}", """
            select reference, count(*), min(id) from money.journals group by reference having count(*) > 1 order by min(id)
            """),
        ("unique journals", "journal {0} exists {1} times", "select id, count(*) from money.journals group by id having count(*) > 1 order by id"),
        ("unique accounts", "account {3} is a second {0} of owner {1} in {2}", """
            select kind, owner_id, currency, max(id) from money.accounts group by kind, owner_id, currency having count(*) > 1 order by 4
            """),
        ("entries of journals", "entry {1} of journal {0} has no journal", """
            select e.journal_id, e.no from money.entries e where not exists (select 1 from money.journals j where j.id = e.journal_id) order by 1, 2
            """),
        ("balances", "account {0} ({1}) has a balance of {2}, its entries say {3}", """
            select a.id, a.kind, b.owed_minor, -coalesce(sum(e.minor), 0) from money.accounts a left join money.balances b on b.account_id = a.id left join money.entries e on e.account_id = a.id
            where a.owner_id is not null or b.account_id is not null group by a.id, a.kind, b.owed_minor having b.owed_minor is distinct from -coalesce(sum(e.minor), 0) order by a.id
            """),
        ("closed periods", "journal {0} ({1}) is counted in a period that was closed before it was posted", """
            select j.id, j.reference from money.journals j join money.closings c on j.id > c.last_journal where coalesce(j.counted_at, j.effective_at) < c.until order by j.id
            """),
        ("period balances", "account {0} is frozen at {2} for the end of the period before {1}, its entries say {3}", """
            with moved as (
                select e.account_id, (select min(f.until) from money.period_freezes f where f.until > coalesce(j.counted_at, j.effective_at)) as until, sum(e.minor) as minor
                from money.entries e join money.journals j on j.id = e.journal_id group by 1, 2),
            said as (
                select p.account_id, p.until, p.minor, p.minor - coalesce(lag(p.minor) over (partition by p.account_id order by p.until), 0) as change from money.period_accounts p)
            select coalesce(s.account_id, m.account_id), coalesce(s.until, m.until), s.minor, coalesce(m.minor, 0) - coalesce(s.change, 0) + coalesce(s.minor, 0)
            from said s full join (select account_id, until, minor from moved where until is not null) m on m.account_id = s.account_id and m.until = s.until
            where coalesce(s.change, 0) <> coalesce(m.minor, 0) order by 2, 1
            """),
        ("period totals", "{0} in {1} is frozen at {3} for the end of the period before {2}, its accounts say {4}", """
            with ends as (select until from money.period_freezes),
            said as (
                select a.kind, a.currency, e.until, sum((select p.minor from money.period_accounts p where p.account_id = a.id and p.until <= e.until order by p.until desc limit 1)) as minor
                from money.accounts a cross join ends e group by 1, 2, 3)
            select s.kind, s.currency, s.until, t.minor, s.minor from said s full join money.period_totals t on t.kind = s.kind and t.currency = s.currency and t.until = s.until
            where coalesce(s.minor, 0) <> coalesce(t.minor, 0) order by s.until, s.kind
            """),
        ("balance rounds", "account {0} stands at {2} in round {1}, its entries say {3}", """
            with moved as (
                select e.account_id, (
                    select min(r.moment_id) from money.balance_rounds r join money.moments m on m.id = r.moment_id where (j.epoch, j.tx) < (m.epoch, m.xid)) as moment_id, sum(e.minor) as minor
                from money.entries e join money.journals j on j.id = e.journal_id group by 1, 2),
            said as (
                select r.account_id, r.moment_id, r.minor, r.minor - coalesce(lag(r.minor) over (partition by r.account_id order by r.moment_id), 0) as change from money.round_accounts r)
            select coalesce(s.account_id, m.account_id), coalesce(s.moment_id, m.moment_id), s.minor, coalesce(m.minor, 0) - coalesce(s.change, 0) + coalesce(s.minor, 0)
            from said s full join (select account_id, moment_id, minor from moved where moment_id is not null) m on m.account_id = s.account_id and m.moment_id = s.moment_id
            where coalesce(s.change, 0) <> coalesce(m.minor, 0) order by 2, 1
            """),
        ("round totals", "{0} in {1} stands at {3} in round {2}, its entries say {4}", """
            with newest as (select m.id, m.epoch, m.xid from money.balance_rounds r join money.moments m on m.id = r.moment_id order by m.id desc limit 1),
            said as (select t.kind, t.currency, t.moment_id, t.minor from money.round_totals t join newest n on n.id = t.moment_id),
            real as (
                select a.kind, a.currency, sum(e.minor) as minor from newest n, money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
                where (j.epoch, j.tx) < (n.epoch, n.xid) group by 1, 2)
            select coalesce(s.kind, r.kind), coalesce(s.currency, r.currency), s.moment_id, s.minor, r.minor from said s full join real r on r.kind = s.kind and r.currency = s.currency
            where coalesce(s.minor, 0) <> coalesce(r.minor, 0) order by 1, 2
            """),
        ("conversions", "the exchange account in {0} holds {1}, the conversions say {2}", """
            with said as (
                select currency, sum(minor) as minor from (
                    select from_currency as currency, from_minor as minor from money.conversions union all select to_currency, -to_minor from money.conversions) c group by 1),
            booked as (select a.currency, sum(e.minor) as minor from money.entries e join money.accounts a on a.id = e.account_id where a.kind = 'fx_position' group by 1)
            select coalesce(s.currency, b.currency), b.minor, s.minor from said s full join booked b on b.currency = s.currency where coalesce(s.minor, 0) <> coalesce(b.minor, 0) order by 1
            """),
    ];
}
