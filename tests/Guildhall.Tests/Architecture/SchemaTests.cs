using Npgsql;

namespace Guildhall.Tests.Architecture;

/// <summary>database/schema.sql is what the migrations make, dumped the way <c>./db schema</c> does.</summary>
public sealed class SchemaTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Dump = """
        set -euo pipefail; . scripts/machine.sh; . scripts/tools.sh; . scripts/postgres.sh
        need_postgres ''; "$PG_BIN/pg_dump" --schema-only --no-owner "$PGDATABASE" | normalised
        """;

    [Fact]
    public async Task The_committed_schema_is_the_sum_of_the_migrations()
    {
        var schema = "-- Made by ./db schema from database/migrations. Do not edit: a test compares.\n\n" + await Dumped();
        Snapshot.Matches("database/schema.sql", schema);
    }

    [Fact]
    public async Task A_column_more_is_a_difference()
    {
        var before = await Dumped();
        await database.Execute("alter table foundation.jobs add planted int");
        Snapshot.Difference(before, await Dumped()).ShouldNotBeNull().ShouldContain("planted integer");
        await database.Execute("alter table foundation.jobs drop planted");
    }

    private async Task<string> Dumped()
    {
        var at = new NpgsqlConnectionStringBuilder(database.SuperuserString);
        var text = await Shell.Bash(Dump, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PGHOST"] = at.Host!, ["PGPORT"] = $"{at.Port}", ["PGUSER"] = at.Username!, ["PGPASSWORD"] = at.Password ?? "", ["PGDATABASE"] = database.Name,
        });
        return text.Replace(TestRun.OwnerRole, "guildhall_owner", StringComparison.Ordinal).Replace(TestRun.AppRole, "guildhall_app", StringComparison.Ordinal);
    }
}
