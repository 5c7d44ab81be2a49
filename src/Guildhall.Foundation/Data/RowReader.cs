using System.Collections.Concurrent;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Foundation.Data;

/// <summary>Turns a row into a record by its constructor (columns by name, snake_case to PascalCase, in any order) or into a single value. Compiled
/// once per type and set of columns. Typed reads, no boxing: Dapper would read our enums by their C# names only.</summary>
internal static class RowReader<T>
{
    private static readonly ConcurrentDictionary<string, Func<DbDataReader, T>> Compiled = new(StringComparer.Ordinal);
    private static readonly Func<DbDataReader, T>? Single = RowValues.IsSingle(typeof(T)) ? CompileSingle() : null;
    private static (string[] Columns, Func<DbDataReader, T> Read)? _last;

    public static Func<DbDataReader, T> For(DbDataReader reader)
    {
        if (Single is not null) return Single;
        if (_last is { } last && Same(last.Columns, reader)) return last.Read;
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        var read = Compiled.GetOrAdd(string.Join(',', columns), _ => Compile(columns));
        _last = (columns, read);
        return read;
    }

    private static bool Same(string[] columns, DbDataReader reader)
    {
        if (columns.Length != reader.FieldCount) return false;
        for (var i = 0; i < columns.Length; i++)
            if (!string.Equals(columns[i], reader.GetName(i), StringComparison.Ordinal)) return false;
        return true;
    }

    private static Func<DbDataReader, T> CompileSingle()
    {
        var reader = Expression.Parameter(typeof(DbDataReader));
        return Expression.Lambda<Func<DbDataReader, T>>(RowValues.Read(reader, 0, typeof(T)), reader).Compile();
    }

    private static Func<DbDataReader, T> Compile(string[] columns)
    {
        var constructor = typeof(T).GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(c => c.GetParameters() is not [{ } only] || only.ParameterType != typeof(T)).MaxBy(c => c.GetParameters().Length)
            ?? throw new InvalidOperationException($"{typeof(T).Name} has no constructor.");
        var reader = Expression.Parameter(typeof(DbDataReader));
        var names = columns.Select(c => c.Replace("_", "", StringComparison.Ordinal)).ToArray();
        var values = constructor.GetParameters().Select(parameter =>
        {
            var at = Array.FindIndex(names, name => string.Equals(name, parameter.Name, StringComparison.OrdinalIgnoreCase));
            if (at < 0) throw new InvalidOperationException($"{typeof(T).Name} wants a column for {parameter.Name}; the statement gives {string.Join(", ", columns)}.");
            return RowValues.Read(reader, at, parameter.ParameterType);
        });
        return Expression.Lambda<Func<DbDataReader, T>>(Expression.New(constructor, values), reader).Compile();
    }
}

internal static class RowValues
{
    public static bool IsSingle(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? IsSingle(inner)
        : type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(byte[]) || type == typeof(Guid) || type == typeof(DateTimeOffset)
          || type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(TimeSpan) || type == typeof(Currency) || typeof(IId).IsAssignableFrom(type);

    /// <summary>One column as one type; a null column is null where the type allows it and throws where it does not.</summary>
    public static Expression Read(Expression reader, int at, Type type)
    {
        var column = Expression.Constant(at);
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        var value = Expression.Convert(NotNull(reader, column, inner), type);
        if (inner.IsValueType && inner == type) return value;
        return Expression.Condition(Expression.Call(reader, nameof(DbDataReader.IsDBNull), null, column), Expression.Default(type), value);
    }

    private static Expression NotNull(Expression reader, Expression column, Type type)
    {
        Expression Field(Type stored) => Expression.Call(reader, typeof(DbDataReader).GetMethod(nameof(DbDataReader.GetFieldValue))!.MakeGenericMethod(stored), column);
        Expression Converted(string how, Type stored, params Type[] arguments) => Expression.Call(typeof(RowValues), how, arguments, Field(stored));

        if (typeof(IId).IsAssignableFrom(type)) return Expression.New(type.GetConstructor([typeof(Guid)])!, Field(typeof(Guid)));
        if (type.IsEnum) return Converted(nameof(Member), typeof(string), type);
        if (type == typeof(Currency)) return Converted(nameof(CurrencyOf), typeof(string));
        if (type == typeof(JsonElement)) return Converted(nameof(Json), typeof(string));
        return Field(type);
    }

    private static TEnum Member<TEnum>(string name) where TEnum : struct, Enum => Names.Parse<TEnum>(name);
    private static Currency CurrencyOf(string code) => Currency.Of(code);
    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text, JsonRules.Options);
}
