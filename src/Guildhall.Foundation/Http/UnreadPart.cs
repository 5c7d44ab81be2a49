using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Foundation.Http;

/// <summary>Which part of an address could not be read. The framework answers 400 and says no name when the part may be left out; it is looked for only then.</summary>
internal static class UnreadPart
{
    /// <summary>The name as the client wrote it; null when every part can be read.</summary>
    public static string? NameIn(HttpContext http) => (http.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? []).SelectMany(Parts)
        .FirstOrDefault(part => Nullable.GetUnderlyingType(part.Type) is { } type && http.Request.Query[part.Name] is [{ Length: > 0 } text, ..] && !CanRead(type, text)).Name;

    private static IEnumerable<(string Name, Type Type)> Parts(ParameterInfo parameter) => parameter.IsDefined(typeof(AsParametersAttribute))
        ? parameter.ParameterType.GetProperties().Select(property => (char.ToLowerInvariant(property.Name[0]) + property.Name[1..], property.PropertyType))
        : [(parameter.Name!, parameter.ParameterType)];

    private static bool CanRead(Type type, string text)
    {
        if (type.IsEnum) return Enum.TryParse(type, text, ignoreCase: true, out _);
        if (Reader(type, typeof(string), typeof(CultureInfo), type.MakeByRefType()) is { } exact) return (bool)exact.Invoke(null, [text, CultureInfo.InvariantCulture, null])!;
        return Reader(type, typeof(string), type.MakeByRefType()) is not { } plain || (bool)plain.Invoke(null, [text, null])!;
    }

    private static MethodInfo? Reader(Type type, params Type[] parameters) => type.GetMethod("TryParse", BindingFlags.Public | BindingFlags.Static, parameters);
}
