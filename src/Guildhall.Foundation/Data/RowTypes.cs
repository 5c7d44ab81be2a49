using System.Data;
using System.Reflection;
using System.Text.Json;
using Dapper;
using Guildhall.Foundation.Http;

namespace Guildhall.Foundation.Data;

/// <summary>Teaches Dapper our types once per assembly: ids, times, currencies; enums are read from their names by <see cref="EnumText{T}"/>.</summary>
public static class RowTypes
{
    private static readonly HashSet<Assembly> Seen = [];

    /// <summary>Registers every id and enum of a module, so that rows map to records by constructor.</summary>
    public static void Register(Assembly assembly)
    {
        lock (Seen)
        {
            if (!Seen.Add(assembly)) return;
            DefaultTypeMap.MatchNamesWithUnderscores = true;
            SqlMapper.AddTypeHandler(new TimeHandler());
            SqlMapper.AddTypeHandler(new CurrencyHandler());
            SqlMapper.AddTypeHandler(new DateHandler());
            SqlMapper.AddTypeHandler(new ClockTimeHandler());
            SqlMapper.AddTypeHandler(new JsonHandler());
            foreach (var type in assembly.GetTypes().Where(t => t is { IsValueType: true, ContainsGenericParameters: false }))
            {
                if (typeof(IId).IsAssignableFrom(type)) SqlMapper.AddTypeHandler(type, (SqlMapper.ITypeHandler)Activator.CreateInstance(typeof(IdHandler<>).MakeGenericType(type))!);
                else if (type.IsEnum && type.Namespace?.StartsWith("Guildhall", StringComparison.Ordinal) == true)
                    SqlMapper.AddTypeHandler(type, (SqlMapper.ITypeHandler)Activator.CreateInstance(typeof(EnumText<>).MakeGenericType(type))!);
            }
        }
    }

    private sealed class TimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value is DateTime time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : (DateTimeOffset)value;
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value;
    }

    private sealed class DateHandler : SqlMapper.TypeHandler<DateOnly>
    {
        public override DateOnly Parse(object value) => value is DateTime time ? DateOnly.FromDateTime(time) : (DateOnly)value;
        public override void SetValue(IDbDataParameter parameter, DateOnly value) => parameter.Value = value;
    }

    private sealed class ClockTimeHandler : SqlMapper.TypeHandler<TimeOnly>
    {
        public override TimeOnly Parse(object value) => value is TimeSpan time ? TimeOnly.FromTimeSpan(time) : (TimeOnly)value;
        public override void SetValue(IDbDataParameter parameter, TimeOnly value) => parameter.Value = value;
    }

    private sealed class CurrencyHandler : SqlMapper.TypeHandler<Currency>
    {
        public override Currency Parse(object value) => Currency.Of((string)value);
        public override void SetValue(IDbDataParameter parameter, Currency value) => parameter.Value = value.Code;
    }

    private sealed class JsonHandler : SqlMapper.TypeHandler<JsonElement>
    {
        public override JsonElement Parse(object value) => JsonSerializer.Deserialize<JsonElement>((string)value, JsonRules.Options);
        public override void SetValue(IDbDataParameter parameter, JsonElement value) => parameter.Value = value.GetRawText();
    }

    private sealed class IdHandler<TId> : SqlMapper.TypeHandler<TId> where TId : struct, IId<TId>
    {
        public override TId Parse(object value) => TId.From((Guid)value);
        public override void SetValue(IDbDataParameter parameter, TId value) => parameter.Value = value.Value;
    }
}

internal sealed class EnumText<TEnum> : SqlMapper.TypeHandler<TEnum> where TEnum : struct, Enum
{
    public override TEnum Parse(object value) => Names.Parse<TEnum>((string)value);
    public override void SetValue(IDbDataParameter parameter, TEnum value) => parameter.Value = Names.Of(value);
}
