using System.Collections.Concurrent;
using System.Text.Json;

namespace Guildhall.Foundation.Data;

/// <summary>Enum members are written in lower snake case in the database and in JSON.</summary>
public static class Names
{
    private static readonly ConcurrentDictionary<object, string> Known = new();

    /// <summary><c>RequiresAction</c> as <c>requires_action</c>.</summary>
    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum => OfEnum(value);

    internal static string OfEnum(object value) => Known.GetOrAdd(value, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()!));

    /// <summary>The member a stored name stands for; throws when there is none, since the database has a CHECK for it.</summary>
    public static TEnum Parse<TEnum>(string name) where TEnum : struct, Enum => Lookup<TEnum>.ByName[name];

    private static class Lookup<TEnum> where TEnum : struct, Enum
    {
        public static readonly Dictionary<string, TEnum> ByName = Enum.GetValues<TEnum>().ToDictionary(v => OfEnum(v), v => v, StringComparer.Ordinal);
    }
}
