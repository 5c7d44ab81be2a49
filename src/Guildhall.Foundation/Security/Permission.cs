namespace Guildhall.Foundation.Security;

/// <summary>One thing a person may be allowed to do. Modules list theirs in a static class; a route names the one it needs.</summary>
/// <param name="Name">Stable, <c>noun.verb</c>.</param>
/// <param name="Says">What it allows, for the console.</param>
public sealed record Permission(string Name, string Says)
{
    /// <summary>Held by administrators: stands for every permission.</summary>
    public const string All = "*";
}
