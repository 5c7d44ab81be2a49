namespace Guildhall.Tests.Support;

/// <summary>What stands in every table, as one hash each: two of them tell whether anything was changed, and where. What the product writes about itself
/// as time goes by (the trail, limits, jobs, the last use of a session) is left out.</summary>
internal static class Fingerprint
{
    private static readonly string[] Own =
    [
        "foundation.audit", "foundation.audit_seals", "foundation.idempotency", "foundation.rate_hits", "foundation.rate_windows", "foundation.jobs", "foundation.recurring",
        "foundation.person_keys", "identity.active_days", "money.moments", "money.seal_chunks", "money.seal_nodes", "money.seal_checkpoints", "money.balance_rounds", "money.round_accounts",
        "money.round_totals", "money.gateway_calls", "messaging.deliveries", "messaging.delivery_log", "operations.webhook_attempts",
    ];

    private const string Volatile = "'{last_active,last_used_at,last_seen,seen_at}'";

    public static async Task<IReadOnlyDictionary<string, string>> Of(TestDatabase database)
    {
        var tables = await database.Column<string>("""
            select table_schema || '.' || table_name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1
            """);
        var prints = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in tables.Except(Own, StringComparer.Ordinal))
            prints[table] = await database.Value<string>($"""
                select count(*) || ' ' || md5(coalesce(string_agg(h, '' order by h), '')) from (select md5((to_jsonb(t) - {Volatile}::text[])::text) as h from {table} t) hashed
                """);
        return prints;
    }

    /// <summary>The tables that differ.</summary>
    public static IEnumerable<string> Changed(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        after.Where(t => before.GetValueOrDefault(t.Key) != t.Value).Select(t => $"{t.Key}: {before.GetValueOrDefault(t.Key)} became {t.Value}");
}
