namespace Guildhall.Tests.Architecture;

/// <summary>What the product's own role may not do, however wrong its code is. Asked of the database itself.</summary>
public sealed class GrantsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Forbidden = "42501";

    // Rows that are history: never changed, never removed.
    private static readonly string[] AppendOnly =
    [
        "foundation.audit", "foundation.audit_seals", "foundation.settings_history", "money.journals", "money.entries",
        "money.invoices", "money.invoice_files", "money.pay_links", "content.versions", "content.slugs",
    ];

    public static TheoryData<string> HistoryTables => [.. AppendOnly];

    [Theory]
    [MemberData(nameof(HistoryTables))]
    [Covers("M-10", "I-13", "asvs-13.2.2")]
    public async Task Asvs_13_2_2_History_cannot_be_rewritten(string table)
    {
        if (await Missing(table)) { table.ShouldStartWith("money.", customMessage: "the table has gone"); return; }
        (await May(table, "UPDATE")).ShouldBeFalse();
        (await May(table, "DELETE")).ShouldBeFalse();
        (await May(table, "TRUNCATE")).ShouldBeFalse();
        (await May(table, "INSERT, UPDATE (xmin)", column: true)).ShouldBeFalse();
        (await database.RefusedToApp($"delete from {table}")).ShouldBe(Forbidden);
        (await database.RefusedToApp($"truncate {table}")).ShouldBe(Forbidden);
    }

    [Fact]
    public async Task Entries_of_the_books_cannot_be_written_but_by_posting()
    {
        foreach (var table in new[] { "money.entries", "money.journals" })
            if (!await Missing(table)) (await May(table, "INSERT")).ShouldBeFalse($"{table} can be written without a posting");
    }

    [Fact]
    [Covers("asvs-13.2.2")]
    public async Task Asvs_13_2_2_Nothing_can_be_made_altered_or_dropped()
    {
        foreach (var schema in await Schemas())
        {
            (await database.RefusedToApp($"create table {schema}.planted (id int)")).ShouldBe(Forbidden, schema);
            (await database.RefusedToApp($"create function {schema}.planted() returns int language sql as 'select 1'")).ShouldBe(Forbidden, schema);
        }
        (await database.RefusedToApp("create schema planted")).ShouldBe(Forbidden);
        (await database.RefusedToApp("create table public.planted (id int)")).ShouldBe(Forbidden);
        (await database.RefusedToApp("alter table foundation.audit disable trigger all")).ShouldBe(Forbidden);
        (await database.RefusedToApp("drop table foundation.audit")).ShouldBe(Forbidden);
        (await database.RefusedToApp("update foundation.migrations set checksum = ''")).ShouldBe(Forbidden);
    }

    [Fact]
    public async Task Every_table_says_what_the_role_may_do_and_nobody_else_may_anything()
    {
        (await database.Column<string>("""
            select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname !~ '^pg_|information_schema' and c.relacl is null
            """)).ShouldBeEmpty();
        (await database.Column<string>("""
            select table_schema || '.' || table_name || ' ' || privilege_type from information_schema.role_table_grants
            where grantee = 'PUBLIC' and table_schema not in ('pg_catalog', 'information_schema')
            """)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_grant_too_many_is_seen()
    {
        await database.Execute($"grant update on foundation.audit_seals to {TestRun.AppRole}");
        (await May("foundation.audit_seals", "UPDATE")).ShouldBeTrue();
        await database.Execute($"revoke update on foundation.audit_seals from {TestRun.AppRole}");
    }

    [Fact]
    public async Task Functions_with_the_owners_rights_have_a_fixed_search_path_and_are_not_for_the_public()
    {
        (await database.Column<string>("""
            select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where p.prosecdef and n.nspname !~ '^pg_|information_schema|public'
              and (p.proconfig is null or not exists (select 1 from unnest(p.proconfig) c where c like 'search_path=%') or has_function_privilege('public', p.oid, 'EXECUTE'))
            """)).ShouldBeEmpty();
    }

    private Task<bool> May(string table, string privilege, bool column = false) => column
        ? database.Value<bool>("select has_any_column_privilege($1, $2::regclass, 'UPDATE')", TestRun.AppRole, table)
        : database.Value<bool>("select has_table_privilege($1, $2::regclass, $3)", TestRun.AppRole, table, privilege);

    private async Task<bool> Missing(string table) => await database.Value<bool>("select to_regclass($1) is null", table);

    private Task<IReadOnlyList<string>> Schemas() =>
        database.Column<string>("select nspname::text from pg_namespace where nspname !~ '^pg_|information_schema|public'");
}
