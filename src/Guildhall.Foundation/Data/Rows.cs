using System.Data.Common;
using Dapper;

namespace Guildhall.Foundation.Data;

internal static class Rows
{
    public static async Task<IReadOnlyList<T>> Read<T>(DbDataReader reader, CancellationToken stop)
    {
        var rows = new List<T>();
        if (!await reader.ReadAsync(stop)) return rows;
        var parse = Parser<T>(reader);
        do rows.Add(parse(reader)); while (await reader.ReadAsync(stop));
        return rows;
    }

    public static T? OneOrNone<T>(IReadOnlyList<T> rows) => rows.Count switch
    {
        0 => default,
        1 => rows[0],
        _ => throw new InvalidOperationException($"One {typeof(T).Name} was expected, {rows.Count} came."),
    };

    // Dapper's record mapping knows type handlers for members but not for a single scalar value.
    private static Func<DbDataReader, T> Parser<T>(DbDataReader reader)
    {
        if (typeof(T) == typeof(Guid) || typeof(T).IsPrimitive || typeof(T) == typeof(string) || typeof(T) == typeof(byte[]) || Nullable.GetUnderlyingType(typeof(T)) is { IsPrimitive: true })
            return row => row.IsDBNull(0) ? default! : row.GetFieldValue<T>(0);
        var scalar = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        if (scalar == typeof(DateTimeOffset)) return row => row.IsDBNull(0) ? default! : (T)(object)row.GetFieldValue<DateTimeOffset>(0);
        if (typeof(IId).IsAssignableFrom(scalar))
            return row => row.IsDBNull(0) ? default! : (T)Activator.CreateInstance(scalar, row.GetGuid(0))!;
        if (scalar.IsEnum) return row => row.IsDBNull(0) ? default! : (T)EnumOf(scalar, row.GetString(0));
        return reader.GetRowParser<T>();
    }

    private static object EnumOf(Type type, string name) =>
        Enum.GetValues(type).Cast<object>().First(value => string.Equals(Names.OfEnum(value), name, StringComparison.Ordinal));
}
