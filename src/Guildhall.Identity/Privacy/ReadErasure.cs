using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Privacy;

/// <summary>Whether one's own erasure waits, and until when it can be taken back.</summary>
public static class ReadErasure
{
    /// <param name="Waiting">Null when none waits.</param>
    public sealed record Answer(ErasureView? Waiting);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/me/erasure", async (Caller caller, Database database, CancellationToken stop) => ((Result<Answer>)new Answer(await Run(database, caller.AccountId!.Value, stop))).ToHttp())
        .WithName(nameof(ReadErasure)).RequiresSignIn().ChecksSessionRow().Produces<Answer>();

    public static Task<ErasureView?> Run(Database database, Guid account, CancellationToken stop) =>
        database.Find<ErasureView>("select asked_at, due_at, stands_against from identity.erasures where account_id = @account and state = 'waiting'", new { account }, stop);
}
