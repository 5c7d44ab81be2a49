using System.Text.RegularExpressions;

namespace Guildhall.Tests.Architecture;

/// <summary>Each migration belongs to one module: it makes things in that module's schema only, and points only downwards.</summary>
public sealed partial class MigrationTests
{
    [Fact]
    public void Every_migration_stays_in_its_schema_and_points_down() => Guard.Holds(Tree.Files("database/migrations", ".sql").SelectMany(Check));

    [Fact]
    public void No_two_migrations_have_one_version()
    {
        var versions = Tree.Files("database/migrations", ".sql").Select(f => int.Parse(Path.GetFileName(f.Path).AsSpan(0, 4), provider: null)).ToArray();
        versions.ShouldBe(versions.Distinct().Order());
    }

    [Theory]
    [InlineData("create table identity.x (id uuid)", "identity is not money")]
    [InlineData("create table money.x (booking uuid references marketplace.bookings (id) on delete restrict)", "money may not point to marketplace")]
    [InlineData("create table money.x (o uuid references money.orders (id) on delete cascade)", "on delete cascade")]
    [InlineData("create table money.x (o uuid references money.orders (id))", "without `on delete restrict`")]
    [InlineData("create table x (id uuid)", "x has no schema")]
    [InlineData("create table money.x (amount numeric)", "is not exact")]
    [InlineData("create table money.x (at timestamp)", "has no zone")]
    public void A_migration_that_leaves_its_schema_is_reported(string sql, string what) =>
        Guard.Reports(Check(new SourceFile("database/migrations/0009_money.sql", sql)), what);

    private static IEnumerable<Violation> Check(SourceFile file)
    {
        var schema = FileName().Match(file.Path).Groups[1].Value;
        var sql = Comment().Replace(file.Text, "");
        var mayKnow = ModuleGraphTests.MayKnow.First(m => string.Equals(m.Key, schema, StringComparison.OrdinalIgnoreCase)).Value.Select(m => m.ToLowerInvariant()).Append(schema).ToArray();
        foreach (Match made in Makes().Matches(sql))
        {
            var owner = made.Groups["schema"].Value;
            if (owner.Length == 0) yield return new Violation(file.Path, $"{made.Groups["name"].Value} has no schema");
            else if (!string.Equals(owner, schema, StringComparison.Ordinal)) yield return new Violation(file.Path, $"{owner} is not {schema}");
        }
        foreach (Match arrow in References().Matches(sql))
        {
            if (!mayKnow.Contains(arrow.Groups[1].Value, StringComparer.Ordinal)) yield return new Violation(file.Path, $"{schema} may not point to {arrow.Groups[1].Value}");
            if (!arrow.Groups[2].Value.Contains("on delete restrict", StringComparison.Ordinal)) yield return new Violation(file.Path, $"`{arrow.Value.Trim()}` without `on delete restrict`");
        }
        if (sql.Contains("on delete cascade", StringComparison.Ordinal)) yield return new Violation(file.Path, "on delete cascade");
        if (schema is "money" && Inexact().Match(sql) is { Success: true } inexact) yield return new Violation(file.Path, $"{inexact.Value} is not exact");
        if (NoZone().Match(sql) is { Success: true } bare) yield return new Violation(file.Path, $"{bare.Value} has no zone");
    }

    [GeneratedRegex(@"/\d{4}_([a-z]+)", RegexOptions.None, 1000)]
    private static partial Regex FileName();

    [GeneratedRegex(@"--[^\n]*", RegexOptions.None, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bcreate\s+(?:or\s+replace\s+)?(?:unlogged\s+)?(?:table|view|materialized\s+view|function|sequence|type|domain)\s+(?:if\s+not\s+exists\s+)?(?:(?<schema>\w+)\.)?(?<name>\w+)" +
        @"|\balter\s+table\s+(?:only\s+)?(?:(?<schema>\w+)\.)?(?<name>\w+)", RegexOptions.None, 1000)]
    private static partial Regex Makes();

    [GeneratedRegex(@"\breferences\s+(\w+)\.\w+\s*(?:\([^)]*\))?((?:\s+on\s+delete\s+\w+)?)", RegexOptions.None, 1000)]
    private static partial Regex References();

    [GeneratedRegex(@"(?<!::)\b(?:numeric|decimal|real|float\d?|double precision|money)\b(?!\s*\.)(?=\s*[,)(\n]|\s+not\b)", RegexOptions.None, 1000)]
    private static partial Regex Inexact();

    // A wall time is what a clock on somebody's wall says: its zone stands beside it.
    [GeneratedRegex(@"(?<!wall_time\s{1,40})\b(?:timestamp|time)\b(?!tz)(?=\s*(?:[,)\n]|not\s|without\s))", RegexOptions.None, 1000)]
    private static partial Regex NoZone();
}
