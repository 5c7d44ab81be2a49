using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Permissions;

/// <summary>The catalogue of permissions, as the modules' code lists them.</summary>
public static class ListPermissions
{
    public sealed record Answer(IReadOnlyList<PermissionList> Modules);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/permissions", (PermissionBook book) => ((Result<Answer>)new Answer([.. book.Lists])).ToHttp())
        .WithName(nameof(ListPermissions)).Requires(IdentityPermissions.RoleEdit).Produces<Answer>();
}
