using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Approvals;

/// <summary>Proposals the caller may decide on, newest first, by state. Keyset: pass the last id as <c>after</c>.</summary>
public static class ListApprovals
{
    public const int PageSize = 50;

    public sealed record Page(IReadOnlyList<ApprovalView> Approvals, string? Next);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/approvals", async (string? state, ApprovalId? after, Caller caller, Database database, ApprovalBook book, CancellationToken stop) =>
            Results.Ok(await Run(database, book, caller, state, after, stop))).WithName(nameof(ListApprovals)).Requires(MoneyPermissions.ApprovalDecide).Produces<Page>();
        admin.MapGet("/approvals/{id}", async (ApprovalId id, Caller caller, Database database, ApprovalBook book, CancellationToken stop) =>
            (await One(database, book, caller, id, stop)).ToHttp()).WithName("ReadApproval").Requires(MoneyPermissions.ApprovalDecide).Produces<ApprovalView>();
    }

    public static async Task<Page> Run(Database database, ApprovalBook book, Caller caller, string? state, ApprovalId? after, CancellationToken stop)
    {
        var kinds = book.Decides(caller);
        var rows = await database.List<Approval>($"""
            select {Approval.Columns} from money.approvals a
            where a.kind = any (@kinds) and (@state is null or a.state = @state) and (@after is null or a.id < @after) order by a.id desc limit @limit
            """, new { kinds, state, after, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize).Select(r => r.ToView())], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString() : null);
    }

    /// <summary>One of them.</summary>
    public static async Task<Result<ApprovalView>> One(Database database, ApprovalBook book, Caller caller, ApprovalId id, CancellationToken stop) =>
        await Approval.Find(database, id, stop) is { } found && caller.May(book.Of(found.Kind).Permission) ? found.ToView() : MoneyRefusals.ApprovalNotFound;
}
