using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Suppressions;

/// <summary>Staff take an address off the list and say why. What was not sent meanwhile stays unsent; a list that the mail service keeps itself is not touched.</summary>
public static class LiftSuppression
{
    internal static void Map(IEndpointRouteBuilder messaging) => messaging
        .MapDelete("/suppressions/{id}", async (SuppressionId id, Caller caller, Database database, CancellationToken stop, string? why = null) =>
            (await database.InTransaction(tx => Run(tx, caller, id, why), stop)).ToHttp())
        .WithName(nameof(LiftSuppression)).Requires(MessagingPermissions.SuppressionLift).Produces(204);

    private sealed record Lifted(string Channel, string Hint, SuppressionReason Reason, string Source, DateTimeOffset SuppressedAt);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, SuppressionId id, string? why)
    {
        if (why?.Trim() is not { Length: >= 3 and <= 500 } reason) return MessagingRefusals.SuppressionReasonMissing;
        if (await tx.Find<Lifted>("delete from messaging.suppressions where id = @id returning channel, hint, reason, source, suppressed_at", new { id }) is not { } lifted) return MessagingRefusals.SuppressionNotFound;
        await tx.Audit(caller, "suppression.lifted", "suppression", id.ToString(), before: lifted, why: reason);
        return new Done();
    }
}
