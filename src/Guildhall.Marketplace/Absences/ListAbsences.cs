using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Absences;

/// <summary>Reports of one state, for staff, newest first, 50 at a time.</summary>
public static class ListAbsences
{
    private const int PageSize = 50;

    public sealed record Line(AbsenceId Id, BookingId BookingId, AbsenceState State, AbsenceReporter ReportedBy, string ServiceName, string ProviderName, Guid CustomerId, DateTimeOffset StartsAt,
        DateTimeOffset ReportedAt, AbsenceOutcome? Outcome);

    public sealed record Page(IReadOnlyList<Line> Items, AbsenceId? Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/absences", async (Database database, CancellationToken stop, string? state = null, string? after = null) => (await Run(database, state, after, stop)).ToHttp())
        .WithName(nameof(ListAbsences)).Requires(MarketplacePermissions.AbsenceDecide).Produces<Page>();

    /// <param name="state">One state; <c>contested</c>, which waits for a decision, when null.</param>
    /// <param name="after">The <c>next</c> of the page before.</param>
    public static async Task<Result<Page>> Run(Database database, string? state, string? after, CancellationToken stop)
    {
        AbsenceState? wanted = string.IsNullOrEmpty(state) ? AbsenceState.Contested : null;
        foreach (var known in Enum.GetValues<AbsenceState>())
            if (string.Equals(Names.Of(known), state, StringComparison.Ordinal)) wanted = known;
        if (wanted is null) return FoundationRefusals.InvalidInput.With(("field", "state"));
        var last = default(AbsenceId);
        if (!string.IsNullOrEmpty(after) && !Id.TryParse(after, out last)) return FoundationRefusals.InvalidInput.With(("field", "after"));
        var rows = await database.List<Line>(Select, new { wanted, after = string.IsNullOrEmpty(after) ? (AbsenceId?)null : last, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    private const string Select = """
        select a.id, a.booking_id, a.state, a.reported_by, b.service_name, p.display_name as provider_name, b.customer_id, b.starts_at, a.reported_at, a.outcome
        from marketplace.absences a join marketplace.bookings b on b.id = a.booking_id join marketplace.providers p on p.id = b.provider_id
        where a.state = @wanted and (@after is null or a.id < @after) order by a.id desc limit @limit
        """;
}
