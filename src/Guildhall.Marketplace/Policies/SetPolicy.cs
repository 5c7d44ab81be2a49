using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Policies;

/// <summary>Sets the next version of the terms; it holds for what is sold from now on. Bookings that were sold keep theirs.</summary>
public static class SetPolicy
{
    private const int MostTiers = 6, MostHours = 8760, MostMoves = 20;

    /// <param name="ServiceId">Null for every service without terms of its own.</param>
    /// <param name="Tiers">1 to 6, hours falling to 0, shares never rising. Absent with <c>FollowsDefault</c>.</param>
    /// <param name="NoShowBackPercent">At most what the last tier gives.</param>
    /// <param name="SeenVersion">The newest version that the person saw; 0 when there was none.</param>
    /// <param name="FollowsDefault">The service goes back to the terms of all others.</param>
    public sealed record Body(ServiceId? ServiceId, IReadOnlyList<CancellationTier>? Tiers, int NoShowBackPercent, int MoveHours, int MaxMoves, int SeenVersion, string Why, bool FollowsDefault = false);

    /// <summary>What a cancellation gives back under these terms. <c>HoursBefore</c> is null for the time after the beginning.</summary>
    public sealed record Line(int? HoursBefore, int BackPercent, Amount Refund, Amount Kept);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/cancellation-policies", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(SetPolicy)).Requires(MarketplacePermissions.PolicyEdit).Idempotent().Produces<CancellationPolicyView>(201);

    public static Task<Result<CancellationPolicyView>> Run(Database database, Caller caller, Body body, CancellationToken stop) => database.InTransaction(tx => Set(tx, caller, body), stop);

    /// <summary>What these terms do to a sale of this price, or why they cannot be set.</summary>
    public static Result<IReadOnlyList<Line>> Preview(Body body, Amount price)
    {
        if (Objection(body) is { } objection) return MarketplaceRefusals.PolicyInvalid.Saying(objection);
        return (Line[])[.. body.Tiers!.Select(t => Of(t.HoursBefore, t.BackPercent)), Of(null, body.NoShowBackPercent)];

        Line Of(int? hours, int percent)
        {
            var back = CancellationTerms.Part(price, percent, step: 1);
            return new Line(hours, percent, back, price - back);
        }
    }

    /// <summary>The sentence that says what is wrong with the terms, or null.</summary>
    private static string? Objection(Body body)
    {
        var tiers = body.Tiers ?? [];
        if (tiers.Count is < 1 or > MostTiers || tiers.Any(t => t is null)) return $"Name 1 to {MostTiers} tiers.";
        if (tiers.Any(t => t.HoursBefore is < 0 or > MostHours || t.BackPercent is < 0 or > CancellationPolicy.Everything)) return $"A tier has 0 to {MostHours} hours and 0 to 100 percent.";
        if (tiers[^1].HoursBefore != 0) return "The last tier is for 0 hours: it says what comes back until the beginning.";
        for (var i = 1; i < tiers.Count; i++)
        {
            if (tiers[i].HoursBefore >= tiers[i - 1].HoursBefore) return "The hours of the tiers fall from one to the next.";
            if (tiers[i].BackPercent > tiers[i - 1].BackPercent) return "Who cancels later never gets more back than who cancels earlier.";
        }
        if (body.NoShowBackPercent < 0 || body.NoShowBackPercent > tiers[^1].BackPercent) return "Who does not come never gets more back than who cancels at the last moment.";
        if (body.MoveHours is < 0 or > MostHours) return $"A customer moves a booking until 0 to {MostHours} hours before.";
        return body.MaxMoves is < 0 or > MostMoves ? $"Each side moves a booking 0 to {MostMoves} times." : null;
    }

    private static async Task<Result<CancellationPolicyView>> Set(Transaction tx, Caller caller, Body body)
    {
        if (body.Why is not { Length: >= 3 and <= 500 } || body.Why.Any(char.IsControl)) return MarketplaceRefusals.PolicyInvalid.Saying("Say why, in 3 to 500 characters.");
        var id = caller.OperationId is { } operation ? new CancellationPolicyId(operation) : tx.NewId<CancellationPolicyId>();
        if (await tx.Find<CancellationPolicy>(PolicyRows.Select + " where p.id = @id", new { id }) is { } made) return made.ToView();
        if (body.FollowsDefault && body.ServiceId is null) return MarketplaceRefusals.PolicyInvalid.Saying("Only a service follows the terms of all others.");
        if (body.ServiceId is { } service && !await tx.Get<bool>("select exists (select 1 from marketplace.services where id = @service)", new { service })) return MarketplaceRefusals.ServiceNotFound;

        var before = await PolicyRows.Newest(tx, body.ServiceId);
        if ((before?.Version ?? 0) != body.SeenVersion) return MarketplaceRefusals.PolicyChanged.With(("version", before?.Version ?? 0));
        var general = body.FollowsDefault ? await PolicyRows.Newest(tx, service: null) : null;
        if (general is null && Objection(body) is { } objection) return MarketplaceRefusals.PolicyInvalid.Saying(objection);
        var policy = general is null
            ? new CancellationPolicy(id, body.ServiceId, body.SeenVersion + 1, false, [.. body.Tiers!.Select(t => t.HoursBefore)], [.. body.Tiers!.Select(t => t.BackPercent)],
                body.NoShowBackPercent, body.MoveHours, body.MaxMoves, tx.Now, caller.AccountId, body.Why)
            : general with { Id = id, ServiceId = body.ServiceId, Version = body.SeenVersion + 1, FollowsDefault = true, MadeAt = tx.Now, MadeBy = caller.AccountId, Why = body.Why };
        if (!await tx.Attempt(() => tx.ChangeOne(Insert, new
        {
            policy.Id, policy.ServiceId, policy.Version, policy.FollowsDefault, policy.TierHours, policy.TierPercent, policy.NoShowPercent, policy.MoveHours, policy.MaxMoves, policy.MadeAt, policy.MadeBy, policy.Why,
        }), "23505")) return MarketplaceRefusals.PolicyChanged;
        await tx.Audit(caller, "cancellation_policy.set", "cancellation_policy", id.ToString(), before?.ToView(), policy.ToView(), body.Why);
        return policy.ToView();
    }

    private const string Insert = """
        insert into marketplace.cancellation_policies (id, service_id, version, follows_default, tier_hours, tier_percent, no_show_percent, move_hours, max_moves, made_at, made_by, why)
        values (@Id, @ServiceId, @Version, @FollowsDefault, @TierHours, @TierPercent, @NoShowPercent, @MoveHours, @MaxMoves, @MadeAt, @MadeBy, @Why)
        """;
}
