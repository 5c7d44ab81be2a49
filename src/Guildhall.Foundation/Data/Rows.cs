using System.Data.Common;

namespace Guildhall.Foundation.Data;

internal static class Rows
{
    public static async Task<IReadOnlyList<T>> Read<T>(DbDataReader reader, CancellationToken stop)
    {
        var rows = new List<T>();
        if (!await reader.ReadAsync(stop)) return rows;
        var parse = RowReader<T>.For(reader);
        do rows.Add(parse(reader)); while (await reader.ReadAsync(stop));
        return rows;
    }

    public static T? OneOrNone<T>(IReadOnlyList<T> rows) => rows.Count switch
    {
        0 => default,
        1 => rows[0],
        _ => throw new InvalidOperationException($"One {typeof(T).Name} was expected, {rows.Count} came."),
    };
}
