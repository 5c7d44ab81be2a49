using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Contacts;

/// <summary>Staff decide an appeal, never their own: granted, the text is shown as written from now on; refused, it stays as it is. The author reads why.</summary>
public static class DecideMaskAppeal
{
    public sealed record Body(bool Grant, string Why);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/mask-appeals/{id}/actions/decide", async (MaskAppealId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(DecideMaskAppeal)).Requires(MarketplacePermissions.TalkModerate).Produces<MaskAppealView>();

    public static Task<Result<MaskAppealView>> Run(Database database, Caller caller, MaskAppealId id, Body body, CancellationToken stop) => database.InTransaction<Result<MaskAppealView>>(async tx =>
    {
        if (body.Why is not { Length: >= 3 and <= MaskAppealRows.MaxWords } || body.Why.Any(char.IsControl)) return MarketplaceRefusals.DecisionWhyMissing;
        if (await MaskAppealRows.Lock(tx, id) is not { } appeal) return MarketplaceRefusals.MaskAppealNotFound;
        if (caller.AccountId is { } who && await Accounts.AreOnePerson(tx, who, appeal.AuthorId)) return MarketplaceRefusals.MaskAppealOwn;
        var state = body.Grant ? MaskAppealState.Granted : MaskAppealState.Refused;
        if (appeal.State == state) return appeal;
        if (appeal.State != MaskAppealState.Open) return MarketplaceRefusals.MaskAppealDecided.With(("state", appeal.State));
        await tx.ChangeOne(Decide, new { id, state, by = caller.AccountId, body.Why, now = tx.Now });
        await tx.Audit(caller, body.Grant ? "mask.appeal_granted" : "mask.appeal_refused", "mask_appeal", id.ToString(), before: new { appeal.State }, after: new { state, appeal.Booking, appeal.Provider }, why: body.Why);
        await Notify.Person(tx, appeal.AuthorId, body.Grant ? "mask_appeal_granted" : "mask_appeal_refused", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["why"] = body.Why, ["link"] = appeal.Booking is { } booking ? $"/bookings/{booking}" : "/account/provider",
        }, uniqueKey: $"{id}:{tx.Now.ToUnixTimeMilliseconds()}");
        return appeal with { State = state, DecidedBy = caller.AccountId, DecidedWhy = body.Why, DecidedAt = tx.Now };
    }, stop);

    /// <summary>The provider wrote or changed a public text: what staff granted was another one. They look again, and what is found is hidden meanwhile.</summary>
    internal static Task OpenAgain(Transaction tx, ProviderId provider) => tx.Change("""
        update marketplace.mask_appeals set state = 'open', decided_by = null, decided_why = null, decided_at = null where text = 'profile' and subject_id = @provider and state = 'granted'
        """, new { provider });

    private const string Decide = """
        update marketplace.mask_appeals set state = @state, decided_by = @by, decided_why = @Why, decided_at = @now where id = @id and state = 'open'
        """;
}
