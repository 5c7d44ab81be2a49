using Guildhall.Foundation.Data;

namespace Guildhall.Marketplace.Policies;

/// <summary>Who cancels so many hours before the start, or earlier, gets this share back.</summary>
public sealed record CancellationTier(int HoursBefore, int BackPercent);

/// <summary>The terms as everybody reads them before they book.</summary>
/// <param name="NoShowBackPercent">What comes back to a customer who cancels after the beginning or does not come.</param>
/// <param name="MoveHours">Until how many hours before the start the customer moves the booking.</param>
public sealed record SaleTerms(int Version, IReadOnlyList<CancellationTier> Tiers, int NoShowBackPercent, int MoveHours, int MaxMoves);

/// <summary>One version of the terms, for staff. Tiers descend in hours, the last stands at the start itself (0 hours).</summary>
/// <param name="ServiceId">Null for the terms of every service without its own.</param>
/// <param name="FollowsDefault">From this version on the service has no terms of its own.</param>
/// <param name="NoShowBackPercent">What comes back to a customer who cancels after the beginning or does not come.</param>
/// <param name="MoveHours">Until how many hours before the start the customer moves the booking.</param>
/// <param name="MaxMoves">How often each side moves it.</param>
/// <param name="MadeBy">The account; null for the terms before there were versions.</param>
public sealed record CancellationPolicyView(CancellationPolicyId Id, ServiceId? ServiceId, int Version, bool FollowsDefault, IReadOnlyList<CancellationTier> Tiers,
    int NoShowBackPercent, int MoveHours, int MaxMoves, DateTimeOffset MadeAt, Guid? MadeBy, string Why)
{
    /// <summary>What everybody may read of it.</summary>
    public SaleTerms ToTerms() => new(Version, Tiers, NoShowBackPercent, MoveHours, MaxMoves);
}

/// <summary>The terms by which a booking is sold: what comes back to a customer, and until when they move it. Versions never change.</summary>
internal sealed record CancellationPolicy(CancellationPolicyId Id, ServiceId? ServiceId, int Version, bool FollowsDefault, int[] TierHours, int[] TierPercent, int NoShowPercent, int MoveHours,
    int MaxMoves, DateTimeOffset MadeAt, Guid? MadeBy, string Why)
{
    public const int Everything = 100;

    public IEnumerable<CancellationTier> Tiers => TierHours.Zip(TierPercent, (hours, percent) => new CancellationTier(hours, percent));

    /// <summary>What comes back to a customer who cancels at this moment.</summary>
    public int BackPercent(DateTimeOffset startsAt, DateTimeOffset now) =>
        Tiers.FirstOrDefault(tier => now <= startsAt.AddHours(-tier.HoursBefore))?.BackPercent ?? NoShowPercent;

    /// <summary>Until when everything comes back; null when it never does.</summary>
    public DateTimeOffset? FreeUntil(DateTimeOffset startsAt) =>
        Tiers.LastOrDefault(tier => tier.BackPercent == Everything) is { } free ? startsAt.AddHours(-free.HoursBefore) : null;

    public CancellationPolicyView ToView() => new(Id, ServiceId, Version, FollowsDefault, [.. Tiers], NoShowPercent, MoveHours, MaxMoves, MadeAt, MadeBy, Why);
}

/// <summary>Finding terms.</summary>
internal static class PolicyRows
{
    public const string Select = """
        select p.id, p.service_id, p.version, p.follows_default, p.tier_hours, p.tier_percent, p.no_show_percent, p.move_hours, p.max_moves, p.made_at, p.made_by, p.why
        from marketplace.cancellation_policies p
        """;

    public static Task<CancellationPolicy> Get(Transaction tx, CancellationPolicyId id) => tx.Get<CancellationPolicy>(Select + " where p.id = @id", new { id });

    /// <summary>Those of the versions that exist, at most 200, by id.</summary>
    public static async Task<IReadOnlyDictionary<CancellationPolicyId, CancellationPolicy>> Of(Database database, CancellationPolicyId[] ids, CancellationToken stop) =>
        (await database.List<CancellationPolicy>(Select + " where p.id = any (@ids) limit 200", new { ids }, stop)).ToDictionary(p => p.Id);

    /// <summary>The terms by which the service is sold now.</summary>
    public static Task<CancellationPolicy> InForce(Transaction tx, ServiceId service) => tx.Get<CancellationPolicy>(InForceSql, new { service });

    /// <inheritdoc cref="InForce(Transaction, ServiceId)"/>
    public static async Task<CancellationPolicy> InForce(Database database, ServiceId service, CancellationToken stop) =>
        (await database.Find<CancellationPolicy>(InForceSql, new { service }, stop))!;

    /// <summary>The newest version for a service, or for all others when null; null when there is none.</summary>
    public static Task<CancellationPolicy?> Newest(Transaction tx, ServiceId? service) => tx.Find<CancellationPolicy>(NewestSql, new { service });

    private const string InForceSql = Select + """
         where p.id = coalesce(
            (select case when s.follows_default then null else s.id end from marketplace.cancellation_policies s where s.service_id = @service order by s.version desc limit 1),
            (select d.id from marketplace.cancellation_policies d where d.service_id is null order by d.version desc limit 1))
        """;

    private const string NewestSql = Select + " where p.service_id is not distinct from @service order by p.version desc limit 1";
}
