using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>Projects, newest first, 50 at a time: one's own as client or as provider, for staff all of them. A draft is not on its client's list.</summary>
public static class ListClientProjects
{
    public const int PageSize = 50;

    /// <param name="Next">Pass it as <c>after</c> for the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<Item> Items, ClientProjectId? Next);

    /// <param name="Milestones">How many there are, <paramref name="Accepted"/> of them accepted, <paramref name="Delivered"/> waiting for the client.</param>
    /// <param name="NextDue">The first day that something not accepted is due.</param>
    public sealed record Item(ClientProjectId Id, ClientProjectState State, string Title, string ProviderName, string ClientName, int Milestones, int Accepted, int Delivered, DateOnly? NextDue, DateTimeOffset CreatedAt);

    private sealed record Row(ClientProjectId Id, ClientProjectState State, string Title, string ProviderName, Guid ClientId, int Milestones, int Accepted, int Delivered, DateOnly? NextDue, DateTimeOffset CreatedAt);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/client-projects", async (Caller caller, Database database, CancellationToken stop, string? role = null, ClientProjectId? after = null) => (await Mine(database, caller, role, after, stop)).ToHttp())
            .WithName(nameof(ListClientProjects)).RequiresSignIn().Produces<Page>();
        api.MapGet("/admin/client-projects", async (Caller caller, Database database, CancellationToken stop, string? state = null, ClientProjectId? after = null) => (await All(database, caller, state, after, stop)).ToHttp())
            .WithName("ListAllClientProjects").Requires(MarketplacePermissions.ClientProjectView).Produces<Page>();
    }

    /// <param name="role"><c>client</c> (also null) or <c>provider</c>.</param>
    public static async Task<Result<Page>> Mine(Database database, Caller caller, string? role, ClientProjectId? after, CancellationToken stop)
    {
        if (role is not (null or "" or "client" or "provider")) return FoundationRefusals.InvalidInput.With(("field", "role"));
        return await Read(database, role == "provider" ? OfProvider : OfClient, new { me = caller.AccountId, after, limit = PageSize + 1 }, stop);
    }

    /// <param name="state">All when it is left out. A draft for the caller themselves is left out: its client sees nothing of it.</param>
    public static async Task<Result<Page>> All(Database database, Caller caller, string? state, ClientProjectId? after, CancellationToken stop)
    {
        if (!string.IsNullOrEmpty(state) && !Enum.GetValues<ClientProjectState>().Any(s => string.Equals(Names.Of(s), state, StringComparison.Ordinal))) return FoundationRefusals.InvalidInput.With(("field", "state"));
        return await Read(database, OfAll, new { me = caller.AccountId, state = string.IsNullOrEmpty(state) ? null : state, after, limit = PageSize + 1 }, stop);
    }

    private static async Task<Page> Read(Database database, string sql, object args, CancellationToken stop)
    {
        var rows = await database.List<Row>(sql, args, stop);
        var shown = rows.Take(PageSize).ToArray();
        var people = await Accounts.Summaries(database, [.. shown.Select(r => r.ClientId).Distinct()], stop);
        return new([.. shown.Select(r => new Item(r.Id, r.State, r.Title, r.ProviderName, people.GetValueOrDefault(r.ClientId)?.DisplayName ?? "", r.Milestones, r.Accepted, r.Delivered, r.NextDue, r.CreatedAt))],
            rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    private const string Select = """
        select j.id, j.state, j.title, p.display_name as provider_name, j.client_id, j.created_at, n.milestones, n.accepted, n.delivered, n.next_due
        from marketplace.client_projects j join marketplace.providers p on p.id = j.provider_id
            cross join lateral (select count(*)::int as milestones, (count(*) filter (where m.state = 'accepted'))::int as accepted, (count(*) filter (where m.state = 'delivered'))::int as delivered,
                min(m.due_on) filter (where m.state <> 'accepted') as next_due from marketplace.project_milestones m where m.project_id = j.id) n
        """;

    private const string Newest = " and (@after is null or j.id < @after) order by j.id desc limit @limit";

    private const string OfProvider = Select + " where j.provider_account_id = @me" + Newest;

    private const string OfClient = Select + " where j.client_id = @me and j.opened_at is not null" + Newest;

    private const string OfAll = Select + " where (@state is null or j.state = @state) and (j.opened_at is not null or j.client_id <> @me)" + Newest;
}
