using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Guildhall.Foundation.Http;

/// <summary>A list that may not hold nothing in one of its places is not read when it does: the serializer looks at the annotations of members, and not at those of what is in a list.</summary>
internal static class WholeLists
{
    public static void Guard(JsonTypeInfo type)
    {
        if (type.Kind is not JsonTypeInfoKind.Object) return;
        var lists = type.Properties.Where(p => p is { Get: not null } && (p.Set is not null || p.AssociatedParameter is not null) && IsWhole(type.Type, p)).Select(p => (p.Name, Get: p.Get!)).ToArray();
        if (lists.Length == 0) return;
        type.OnDeserialized = read =>
        {
            foreach (var (name, get) in lists)
                if (get(read) is IEnumerable list)
                    foreach (var item in list)
                        if (item is null) throw new JsonException("A list holds nothing in one of its places.", $"$.{name}", null, null);
        };
    }

    private static bool IsWhole(Type type, JsonPropertyInfo property)
    {
        if (type.GetProperties().FirstOrDefault(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name) == property.Name) is not { } member) return false;
        var list = new NullabilityInfoContext().Create(member);
        var item = property.PropertyType.IsArray ? list.ElementType : property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable)) && list.GenericTypeArguments is [var only] ? only : null;
        return item is { Type.IsValueType: false, ReadState: not NullabilityState.Nullable };
    }
}
