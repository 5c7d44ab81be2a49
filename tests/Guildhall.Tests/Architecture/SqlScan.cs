using System.Text.RegularExpressions;

namespace Guildhall.Tests.Architecture;

/// <summary>Reads the SQL in string literals: whose tables it names, and how it is written.</summary>
internal static partial class SqlScan
{
    internal static readonly string[] Schemas = ["foundation", "messaging", "files", "identity", "money", "content", "marketplace", "operations"];

    public static IEnumerable<Violation> Check(SourceFile file)
    {
        var schema = Module().Match(file.Path).Groups[1].Value.ToLowerInvariant();
        foreach (var literal in CSharpText.Read(file.Text).Literals)
        {
            var sql = Quoted().Replace(literal.Text, "''");
            var where = $"{file.Path}:{literal.Line}";
            if (!IsSql().IsMatch(sql)) continue;
            if (schema is "web" or "sandbox") yield return new Violation(where, "SQL belongs to a module, not here");
            // Verify reads the books of the module it checks, from outside.
            foreach (var what in Style(sql).Concat(Owner(sql, schema is "verify" ? "money" : schema))) yield return new Violation(where, what);
        }
    }

    private static IEnumerable<string> Style(string sql)
    {
        if (UpperCase().Match(sql) is { Success: true } upper) yield return $"{upper.Value} is not lower case";
        if (Star().IsMatch(sql)) yield return "select * names no columns";
        if (Clock().Match(sql) is { Success: true } clock) yield return $"{clock.Value} is not business time: pass @now";
    }

    private static IEnumerable<string> Owner(string sql, string schema)
    {
        foreach (Match named in Qualified().Matches(sql))
            if (Schemas.Contains(named.Groups[1].Value, StringComparer.Ordinal) && !string.Equals(named.Groups[1].Value, schema, StringComparison.Ordinal))
                yield return $"{named.Groups[1].Value} is another module's schema";
        var local = WithName().Matches(sql).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        foreach (Match table in Table().Matches(NotATable().Replace(sql, " ")))
            if (!local.Contains(table.Groups[1].Value) && !table.Groups[1].Value.StartsWith("pg_", StringComparison.Ordinal))
                yield return $"{table.Groups[1].Value} has no schema";
    }

    [GeneratedRegex(@"src/Guildhall\.(\w+)/", RegexOptions.None, 1000)]
    private static partial Regex Module();

    [GeneratedRegex("'(?:[^']|'')*'", RegexOptions.None, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\s*(?:with\s+(?:recursive\s+)?\w+\s*(?:\(.*?\)\s*)?as\b|select\s+\S|insert\s+into\b|update\s+\S+\s+(?:\w+\s+)?set\b" +
        @"|delete\s+from\b|merge\s+into\b|truncate\b|lock\s+table\b|create\s+(?:table|schema|index|function)\b|alter\s+table\b)",
         RegexOptions.IgnoreCase | RegexOptions.Singleline, 1000)]
    private static partial Regex IsSql();

    [GeneratedRegex(@"\b(?:SELECT|INSERT|INTO|UPDATE|DELETE|FROM|WHERE|JOIN|VALUES|SET|ORDER BY|GROUP BY|LIMIT|AND|OR|NULL|RETURNING|WITH|AS|ON|CONFLICT)\b", RegexOptions.None, 1000)]
    private static partial Regex UpperCase();

    [GeneratedRegex(@"\bselect\s+(?:distinct\s+)?(?:\w+\.)?\*|\breturning\s+(?:\w+\.)?\*", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Star();

    [GeneratedRegex(@"\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(" +
        @"|\b(?:current_timestamp|current_date|current_time|localtimestamp|localtime)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Clock();

    [GeneratedRegex(@"\b([a-z_]+)\.[a-z_]", RegexOptions.None, 1000)]
    private static partial Regex Qualified();

    [GeneratedRegex(@"\b(\w+)\s*(?:\([^()]*\)\s*)?as\s+(?:not\s+)?(?:materialized\s+)?\(", RegexOptions.None, 1000)]
    private static partial Regex WithName();

    // from and update also stand where no table follows.
    [GeneratedRegex(@"\bdistinct\s+from\b|\bfor\s+(?:no\s+key\s+)?update\b|\bdo\s+update\s+set\b|\bon\s+update\b" +
        @"|\b(?:extract|substring|trim|overlay|position)\s*\([^()]*\bfrom\b", RegexOptions.None, 1000)]
    private static partial Regex NotATable();

    // A name in a table's place that is neither qualified nor a function.
    [GeneratedRegex(@"\b(?:from|join|into(?=\s+\w+\b(?:\s*\()?)|update|truncate(?:\s+table)?|using)\s+(?:only\s+|lateral\s+)?" +
        @"(?!select\b|lateral\b|set\b)([a-z_][a-z_0-9]*)\b(?!\s*\.)(?:(?<=\binto\s+\w+)|(?!\s*\())", RegexOptions.None, 1000)]
    private static partial Regex Table();
}
