using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Calls;

public enum SignalKind { Offer, Answer, Candidate }

/// <summary>What one browser tells the other to connect (WebRTC): passed on as it is, at most 16,000 characters, kept until the call ends so that a lost line loses none. 500 a call, 100 in ten
/// seconds.</summary>
public static class SignalCall
{
    private const int MaxBody = 16_000, MostOfCall = 500, Burst = 100, BurstSeconds = 10;

    public sealed record Body(SignalKind? Kind, string? Text);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/calls/{id}/signals", async (CallId id, Body body, Caller caller, Database database, RateLimits limits, CancellationToken stop) => (await Run(database, limits, caller, id, body, stop)).ToHttp())
        .WithName(nameof(SignalCall)).RequiresSignIn().Produces(204);

    public static async Task<Result<Done>> Run(Database database, RateLimits limits, Caller caller, CallId id, Body body, CancellationToken stop)
    {
        if (await CallRows.Find(database, id, stop) is not { } seen || !seen.Has(caller)) return MarketplaceRefusals.CallNotFound;
        if (body.Kind is not { } kind || body.Text is not { Length: >= 1 and <= MaxBody } text || text.Contains('\0', StringComparison.Ordinal)) return MarketplaceRefusals.SignalInvalid;
        if (await limits.Hit($"signal:{caller.AccountId:n}", Burst * limits.Factor, BurstSeconds, stop) is { } wait) return FoundationRefusals.RateLimited with { RetryAfterSeconds = wait };
        return await database.InTransaction<Result<Done>>(async tx =>
        {
            await CallRoom.Enter(tx, seen.BookingId);
            var call = await tx.Get<CallView>(CallRows.Select + " where k.id = @id", new { id });
            if (call.State != CallState.Accepted) return MarketplaceRefusals.CallOver.With(("state", call.State));
            if (await tx.Get<long>("select count(*) from marketplace.call_signals where call_id = @id", new { id }) >= MostOfCall) return MarketplaceRefusals.SignalsSpent;
            await tx.ChangeOne(Insert, new { call.BookingId, seq = await CallRoom.NextSeq(tx, call.BookingId), id, me = caller.AccountId, kind, text, now = tx.Now });
            tx.Hint(CallTopic.Of(call.BookingId));
            return default(Done);
        }, stop);
    }

    private const string Insert = """
        insert into marketplace.call_signals (booking_id, seq, call_id, from_id, kind, body, at) values (@BookingId, @seq, @id, @me, @kind, @text, @now)
        """;
}
