using System.Reflection;

namespace Guildhall.Foundation.Security;

/// <summary>What one module's list of permissions holds.</summary>
public sealed record PermissionList(string Module, IReadOnlyList<Permission> Permissions)
{
    /// <summary>Every permission that a static class names, in the order in which they stand there: none can be forgotten.</summary>
    public static PermissionList Of(Type list) => new(list.Name.Replace("Permissions", "", StringComparison.Ordinal),
        [.. list.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.FieldType == typeof(Permission)).OrderBy(f => f.MetadataToken).Select(f => (Permission)f.GetValue(null)!)]);
}

/// <summary>The catalogue: every permission of the product, collected from the modules.</summary>
public sealed record PermissionBook(IEnumerable<PermissionList> Lists)
{
    /// <summary>False for a name that nothing asks for, and for <see cref="Permission.All"/>.</summary>
    public bool Knows(string name) => Lists.Any(l => l.Permissions.Any(p => string.Equals(p.Name, name, StringComparison.Ordinal)));
}
