using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>Closes what has run out and deletes what ended long ago, now instead of within a quarter of an hour. Ends no session that lives.</summary>
public static class CleanUpSessions
{
    private const int MaxBatches = 10;

    /// <param name="Closed">Sessions that had run out and are now marked so.</param>
    /// <param name="Sessions">Sessions deleted: they had ended a month ago.</param>
    /// <param name="Tokens">Refresh tokens deleted with them.</param>
    /// <param name="Challenges">Second steps deleted that ran out.</param>
    /// <param name="More">There is still something left; ask again.</param>
    public sealed record Answer(int Closed, int Sessions, int Tokens, int Challenges, bool More);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/sessions/actions/clean-up", async (Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, stop)).ToHttp())
        .WithName(nameof(CleanUpSessions)).Requires(IdentityPermissions.SessionEnd).Produces<Answer>();

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, CancellationToken stop)
    {
        var done = new Answer(0, 0, 0, 0, More: true);
        for (var batch = 0; batch < MaxBatches && done.More; batch++)
        {
            var counts = await identity.Database.InTransaction(ForgetSessions.Batch, stop);
            done = new Answer(done.Closed + counts.Closed, done.Sessions + counts.Sessions, done.Tokens + counts.Tokens, done.Challenges + counts.Challenges, counts.More);
        }
        await identity.Database.InTransaction(tx => tx.Audit(caller, "session.cleaned_up", "session", "all", after: done), stop);
        return done;
    }
}
