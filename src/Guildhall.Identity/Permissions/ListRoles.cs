using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Permissions;

/// <summary>A role with what it may do.</summary>
/// <param name="BuiltIn">It cannot be removed.</param>
/// <param name="NeedsSecondFactor">Holders can do nothing else until they have a second factor.</param>
/// <param name="Version">What a change has to name as seen.</param>
/// <param name="Holders">How many accounts have it.</param>
public sealed record RoleView(string Name, string Says, bool BuiltIn, bool NeedsSecondFactor, int Version, IReadOnlyList<string> Permissions, long Holders);

/// <summary>Every role of the product.</summary>
public static class ListRoles
{
    internal const int MaxRoles = 100;

    public sealed record Answer(IReadOnlyList<RoleView> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/roles", async (Database database, CancellationToken stop) => ((Result<Answer>)new Answer(await Run(database, stop))).ToHttp())
        .WithName(nameof(ListRoles)).Requires(IdentityPermissions.RoleEdit).Produces<Answer>();

    internal sealed record Row(string Name, string Says, bool BuiltIn, bool NeedsSecondFactor, int Version, string Permissions, long Holders)
    {
        public RoleView ToView() => new(Name, Says, BuiltIn, NeedsSecondFactor, Version, Permissions.Split(' ', StringSplitOptions.RemoveEmptyEntries), Holders);
    }

    public static async Task<IReadOnlyList<RoleView>> Run(Database database, CancellationToken stop) =>
        [.. (await database.List<Row>($"{Select} order by n.built_in desc, n.name limit {Most}", stop: stop)).Select(r => r.ToView())];

    /// <summary>The names alone, for choosing one.</summary>
    public static Task<IReadOnlyList<string>> AllNames(Database database, CancellationToken stop) =>
        database.List<string>($"select n.name from identity.roles n order by n.built_in desc, n.name limit {Most}", stop: stop);

    internal static async Task<RoleView> One(Transaction tx, string name) => (await tx.Get<Row>($"{Select} where n.name = @name", new { name })).ToView();

    private const string Most = "100";

    private const string Select = """
        select n.name, n.says, n.built_in, n.needs_second_factor, n.version,
            (select coalesce(string_agg(p.permission, ' ' order by p.permission), '') from identity.role_permissions p where p.role = n.name) as permissions,
            (select count(*) from identity.account_roles r where r.role = n.name) as holders
        from identity.roles n
        """;
}
