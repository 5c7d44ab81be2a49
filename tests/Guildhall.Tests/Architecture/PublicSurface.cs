using System.Reflection;
using System.Runtime.CompilerServices;

namespace Guildhall.Tests.Architecture;

/// <summary>What a module shows to others, as text: one line per public type and member.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) => string.Join('\n', assembly.GetExportedTypes()
        .Where(t => !IsGenerated(t)).OrderBy(t => t.FullName, StringComparer.Ordinal).SelectMany(t => Lines(t).Prepend(Head(t))));

    private static IEnumerable<string> Lines(Type type)
    {
        if (type.IsEnum) return [$"    {string.Join(", ", Enum.GetNames(type))}"];
        var members = type.GetMembers(Declared).Where(m => IsVisible(m) && !IsGenerated(m)).Select(Line).OfType<string>();
        return members.Distinct(StringComparer.Ordinal).OrderBy(m => m, StringComparer.Ordinal).Select(m => "    " + m);
    }

    private static string Head(Type type)
    {
        var kind = type switch
        {
            { IsInterface: true } => "interface", { IsEnum: true } => "enum", { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class", { IsAbstract: true } => "abstract class", _ => "class",
        };
        var parents = type.GetInterfaces().Where(i => i.Assembly.GetName().Name!.StartsWith("Guildhall", StringComparison.Ordinal) && i.IsPublic)
            .Select(Name).Order(StringComparer.Ordinal).ToArray();
        return $"{kind} {type.Namespace}.{Name(type)}{(parents.Length > 0 ? " : " + string.Join(", ", parents) : "")}";
    }

    private static string? Line(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo { IsSpecialName: true } method when !method.Name.StartsWith("op_", StringComparison.Ordinal) => null,
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}{Generics(method)}({Parameters(method)})",
        PropertyInfo property => $"{(IsStatic(property) ? "static " : "")}{Name(property.PropertyType)} {property.Name} {{{Getter(property)}{Setter(property)} }}",
        FieldInfo field => $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
        EventInfo happening => $"event {Name(happening.EventHandlerType!)} {happening.Name}",
        _ => null,
    };

    private static string Getter(PropertyInfo property) => property.GetMethod is { } get && IsVisible(get) ? " get;" : "";

    private static string Setter(PropertyInfo property) => property.SetMethod is not { } set || !IsVisible(set) ? ""
        : set.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name is "IsExternalInit") ? " init;" : " set;";

    private static string Parameters(MethodBase method) =>
        (method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "") + string.Join(", ", method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? "?" : "")}"));

    private static string Generics(MethodInfo method) => method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!) + "&";
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        var name = type.IsGenericParameter || type.DeclaringType is null ? type.Name : $"{Name(type.DeclaringType)}.{type.Name}";
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute)) || member.Name.Contains('<', StringComparison.Ordinal)
        || member.Name is "Deconstruct" or "Equals" or "GetHashCode" or "ToString" or "op_Equality" or "op_Inequality";

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        EventInfo happening => happening.AddMethod is { } add && IsVisible(add),
        _ => false, // nested types have a line of their own
    };

    private static bool IsStatic(PropertyInfo property) => property.GetAccessors(nonPublic: true)[0].IsStatic;
}
