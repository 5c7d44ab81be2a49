using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Inbox;

/// <summary>unread → read. Reading twice is reading once; somebody else's notice is told not found.</summary>
public static class MarkRead
{
    internal static void Map(IEndpointRouteBuilder inbox) => inbox
        .MapPost("/{id}/actions/read", async (NoticeId id, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, id), stop)).ToHttp())
        .Produces(204).WithName(nameof(MarkRead)).RequiresSignIn();

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, NoticeId id)
    {
        if (await tx.ChangeNow(Mark, new { id, person = caller.AccountId, now = tx.Now }) != 1) return MessagingRefusals.NoticeNotFound;
        tx.HintInbox(caller.AccountId!.Value);
        return new Done();
    }

    private const string Mark = "update messaging.notices set read_at = coalesce(read_at, @now) where id = @id and person_id = @person";
}
