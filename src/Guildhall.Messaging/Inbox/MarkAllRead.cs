using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Inbox;

/// <summary>Every notice up to the one the person saw last becomes read; what has arrived since stays unread.</summary>
public static class MarkAllRead
{
    internal static void Map(IEndpointRouteBuilder inbox) => inbox
        .MapPost("/actions/read-all", async (Caller caller, Database database, CancellationToken stop, NoticeId? upTo = null) =>
            (await database.InTransaction(tx => Run(tx, caller, upTo), stop)).ToHttp())
        .Produces(204).WithName(nameof(MarkAllRead)).RequiresSignIn();

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, NoticeId? upTo)
    {
        await tx.Change(Mark, new { person = caller.AccountId, upTo, now = tx.Now });
        tx.HintInbox(caller.AccountId!.Value);
        return new Done();
    }

    private const string Mark = """
        update messaging.notices set read_at = @now where person_id = @person and read_at is null and shown and (@upTo::uuid is null or id <= @upTo)
        """;
}
