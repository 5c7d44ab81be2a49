using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passkeys;

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Synced">Its maker keeps a copy for the owner's other devices; otherwise it lives in one device only.</param>
public sealed record PasskeyView(PasskeyId Id, string Name, bool Synced, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>One's own passkeys, oldest first.</summary>
public static class ListPasskeys
{
    public sealed record Answer(IReadOnlyList<PasskeyView> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/auth/passkeys", async (Caller caller, Database database, CancellationToken stop) => ((Result<Answer>)new Answer(await Run(database, caller.AccountId!.Value, stop))).ToHttp())
        .WithName(nameof(ListPasskeys)).RequiresSignIn().ChecksSessionRow().WithMetadata(new OpenBeforeSecondFactor()).Produces<Answer>();

    public static Task<IReadOnlyList<PasskeyView>> Run(Database database, Guid account, CancellationToken stop) => database.List<PasskeyView>(Own, new { account, limit = AddPasskey.Most }, stop);

    private const string Own = """
        select id, name, backed_up as synced, created_at, last_used_at from identity.passkeys where account_id = @account order by created_at, id limit @limit
        """;
}
