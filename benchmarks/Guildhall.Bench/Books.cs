namespace Guildhall.Bench;

/// <summary>The product's books, filled by hand and looked at.</summary>
internal static class Books
{
    public const int Providers = 10_000;

    public static Guid Provider(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    /// <summary>So many journals of captures in the books, and an account with a balance for every provider. Never none: a plan made for an empty table
    /// reads all of it, and would be kept while it grows.</summary>
    public static async Task Fresh(Machine machine, int journals)
    {
        await machine.Sql("truncate money.journals, money.entries, money.balances, money.accounts, money.seal_chunks, money.seal_nodes, money.seal_checkpoints, money.moments, " +
            "foundation.audit, foundation.audit_seals, foundation.idempotency, foundation.jobs cascade");
        await machine.Sql($"""
            select money.account_of(kind, null, currency) from unnest(array['gateway_clearing', 'escrow', 'platform_fee']) kind, unnest(array['EUR', 'KWD']) currency;
            select money.account_of('provider_available', ('0000' || lpad(to_hex(g), 4, '0') || '-0000-0000-0000-000000000000')::uuid, 'EUR') from generate_series(0, {Providers - 1}) g;
            insert into money.journals (reference, kind, effective_at, posted_at) select 'grown:' || g, 'capture', now(), now() from generate_series(1, {journals}) g;
            insert into money.entries (journal_id, no, account_id, minor)
                select j.id, e.no, e.account, e.minor from money.journals j, (
                    select l.no, money.account_of(l.kind, null, 'EUR') as account, l.minor
                    from (values (1, 'gateway_clearing', 10000), (2, 'escrow', -9000), (3, 'platform_fee', -1000)) as l(no, kind, minor) offset 0) e;
            """);
        await machine.Sql("vacuum analyze money.journals, money.entries, money.accounts, money.balances");
        await machine.Sql("checkpoint");
    }

    /// <summary>Throws unless every journal sums to zero and every balance is what its entries say.</summary>
    public static async Task Check(Machine machine)
    {
        if (await machine.Ask<bool>("select exists (select 1 from money.entries group by journal_id having sum(minor) <> 0)")) throw new InvalidOperationException("A journal does not balance.");
        if (await machine.Ask<bool>("""
            select exists (select 1 from money.balances b left join (select account_id, sum(minor) as minor from money.entries group by 1) e using (account_id)
                where b.owed_minor <> -coalesce(e.minor, 0))
            """)) throw new InvalidOperationException("A balance is not what its entries say.");
    }
}
