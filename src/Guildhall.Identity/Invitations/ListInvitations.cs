using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Invitations;

/// <summary>All invitations, newest first, by pages.</summary>
public static class ListInvitations
{
    private const int MaxPage = 50;

    /// <param name="Next">Pass it as <c>after</c> for the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<InvitationView> Items, InvitationId? Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/invitations", async (Database database, CancellationToken stop, InvitationId? after = null) =>
            ((Result<Page>)await Run(database, after, stop)).ToHttp())
        .WithName(nameof(ListInvitations)).Requires(IdentityPermissions.InvitationManage).Produces<Page>();

    public static async Task<Page> Run(Database database, InvitationId? after, CancellationToken stop)
    {
        var rows = await database.List<Invitation>(Read, new { after, limit = MaxPage + 1 }, stop);
        return new Page([.. rows.Take(MaxPage).Select(r => r.ToView())], rows.Count > MaxPage ? rows[MaxPage - 1].Id : null);
    }

    private const string Read = $"select {Invitation.Columns} from identity.invitations i where i.state <> 'erased' and (@after is null or i.id < @after) order by i.id desc limit @limit";
}
