using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Guildhall.Foundation.Http;
using Npgsql;
using NpgsqlTypes;

namespace Guildhall.Foundation.Data;

/// <summary>A value stored as jsonb.</summary>
public readonly record struct Jsonb(object? Value)
{
    public override string ToString() => JsonSerializer.Serialize(Value, JsonRules.Options);
}

/// <summary>Turns the properties of an anonymous object into typed PostgreSQL parameters. The type comes from the property, never from the
/// value, so a null is typed too. Ids become uuid, enums their snake-case name.</summary>
internal static class Parameters
{
    private static readonly ConcurrentDictionary<Type, Binder[]> Binders = new();

    private sealed record Binder(string Name, NpgsqlDbType Type, Func<object, object?> Read);

    public static void Bind(NpgsqlParameterCollection target, object? args)
    {
        if (args is null) return;
        foreach (var binder in Binders.GetOrAdd(args.GetType(), Make))
            target.Add(new NpgsqlParameter(binder.Name, binder.Type) { Value = binder.Read(args) ?? DBNull.Value });
    }

    private static Binder[] Make(Type type) => [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property =>
    {
        var (dbType, convert) = Convert(property.PropertyType);
        var source = Expression.Parameter(typeof(object));
        var get = Expression.Lambda<Func<object, object?>>(
            Expression.Convert(Expression.Property(Expression.Convert(source, type), property), typeof(object)), source).Compile();
        return new Binder(property.Name, dbType, convert is null ? get : o => get(o) is { } value ? convert(value) : null);
    })];

    private static (NpgsqlDbType, Func<object, object?>?) Convert(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (typeof(IId).IsAssignableFrom(type)) return (NpgsqlDbType.Uuid, value => ((IId)value).Value);
        if (type.IsEnum) return (NpgsqlDbType.Text, Names.OfEnum);
        if (type == typeof(Currency)) return (NpgsqlDbType.Text, value => ((Currency)value).Code);
        if (type == typeof(Jsonb)) return (NpgsqlDbType.Jsonb, value => value.ToString());
        if (type == typeof(DateTimeOffset)) return (NpgsqlDbType.TimestampTz, value => ((DateTimeOffset)value).ToUniversalTime());
        if (type == typeof(DateTimeOffset[])) return (NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, null);
        if (type.IsArray && type.GetElementType() is { } item && typeof(IId).IsAssignableFrom(item))
            return (NpgsqlDbType.Array | NpgsqlDbType.Uuid, value => ((Array)value).Cast<IId>().Select(id => id.Value).ToArray());
        return (Simple.TryGetValue(type, out var known) ? known : throw new NotSupportedException($"No PostgreSQL type for a {type.Name} parameter."), null);
    }

    private static readonly Dictionary<Type, NpgsqlDbType> Simple = new()
    {
        [typeof(string)] = NpgsqlDbType.Text, [typeof(Guid)] = NpgsqlDbType.Uuid, [typeof(bool)] = NpgsqlDbType.Boolean,
        [typeof(short)] = NpgsqlDbType.Smallint, [typeof(int)] = NpgsqlDbType.Integer, [typeof(long)] = NpgsqlDbType.Bigint,
        [typeof(double)] = NpgsqlDbType.Double, [typeof(byte[])] = NpgsqlDbType.Bytea, [typeof(byte[][])] = NpgsqlDbType.Array | NpgsqlDbType.Bytea, [typeof(DateOnly)] = NpgsqlDbType.Date, [typeof(TimeOnly)] = NpgsqlDbType.Time,
        [typeof(TimeSpan)] = NpgsqlDbType.Interval, [typeof(System.Net.IPAddress)] = NpgsqlDbType.Inet,
        [typeof(string[])] = NpgsqlDbType.Array | NpgsqlDbType.Text, [typeof(Guid[])] = NpgsqlDbType.Array | NpgsqlDbType.Uuid, [typeof(Guid?[])] = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
        [typeof(int[])] = NpgsqlDbType.Array | NpgsqlDbType.Integer, [typeof(long[])] = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        [typeof(bool[])] = NpgsqlDbType.Array | NpgsqlDbType.Boolean, [typeof(DateOnly[])] = NpgsqlDbType.Array | NpgsqlDbType.Date,
        [typeof(NpgsqlRange<DateTime>)] = NpgsqlDbType.TimestampTzRange,
    };
}
