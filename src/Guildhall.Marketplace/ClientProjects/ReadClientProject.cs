using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Bookings;
using Guildhall.Money.Invoices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>A project as its sides and staff see it. <c>MayRun</c>: the reader does what its provider does. <c>Revision</c> rises with every change of title, description and state and goes
/// with one. <c>Acts</c>: what the reader can do with the project in its state. <c>Events</c>: the newest hundred, newest first.</summary>
public sealed record ClientProjectView(ClientProjectId Id, ClientProjectState State, ProjectSide Role, bool MayRun, string Title, string Description, Currency Currency, ProviderId ProviderId, string ProviderName,
    string ClientName, int Revision, DateTimeOffset CreatedAt, DateTimeOffset? OpenedAt, DateTimeOffset? EndedAt, IReadOnlyList<ProjectAct> Acts, IReadOnlyList<MilestoneView> Milestones, IReadOnlyList<ProjectBookingView> Bookings,
    IReadOnlyList<ProjectEventView> Events);

/// <summary>A milestone; <c>No</c> is its place, the first is 1. <c>Invoice</c>: the one issued for its amount, or what replaced it; when that is void, another may be issued.</summary>
public sealed record MilestoneView(MilestoneId Id, int No, string Title, DateOnly DueOn, Amount? Amount, MilestoneState State, int Revision, DateTimeOffset? DeliveredAt, DateTimeOffset? AcceptedAt,
    InvoiceStanding? Invoice);

/// <summary>A booking that belongs to the project.</summary>
public sealed record ProjectBookingView(BookingId Id, string ServiceName, BookingState State, DateTimeOffset StartsAt);

/// <summary>Something that happened. <c>Milestone</c> may have been removed since; <c>Note</c>: what the client asked for.</summary>
public sealed record ProjectEventView(int Seq, DateTimeOffset At, ProjectSide Side, ProjectEventKind Kind, MilestoneId? MilestoneId, string? Note);

/// <summary>One project, for its provider, its client once it was opened, and staff; a stranger is told that there is none.</summary>
public static class ReadClientProject
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/client-projects/{id}", async (ClientProjectId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadClientProject)).RequiresSignIn().Produces<ClientProjectView>();

    public static async Task<Result<ClientProjectView>> Run(Database database, Caller caller, ClientProjectId id, CancellationToken stop)
    {
        if (await ClientProjectRows.Find(database, id, stop) is not { } project || project.SideOf(caller) is not { } side) return MarketplaceRefusals.ClientProjectNotFound;
        var milestones = await database.List<Milestone>(MilestoneRows.Select + " where m.project_id = @id order by m.no limit 200", new { id }, stop);
        var invoices = await InvoiceStandings.Of(database, [.. milestones.Where(m => m.InvoiceId is not null).Select(m => m.InvoiceId!.Value)], stop);
        var bookings = await database.List<ProjectBookingView>(BookingsSql, new { id }, stop);
        var events = await database.List<ProjectEventView>("select seq, at, side, kind, milestone_id, note from marketplace.project_events where project_id = @id order by seq desc limit 100", new { id }, stop);
        var people = await Accounts.Summaries(database, [project.ClientId], stop);
        return new ClientProjectView(id, project.State, side, project.IsRunBy(caller), project.Title, project.Description, project.Currency, project.ProviderId, project.ProviderName,
            people.GetValueOrDefault(project.ClientId)?.DisplayName ?? "", project.Revision, project.CreatedAt, project.OpenedAt, project.EndedAt,
            project.IsRunBy(caller) ? [.. Enum.GetValues<ProjectAct>().Where(act => ClientProject.After(project.State, act) is not null)] : [],
            [.. milestones.Select(m => m.ToView(project.Currency, m.InvoiceId is { } invoice ? invoices.GetValueOrDefault(invoice) : null))], bookings, events);
    }

    /// <summary>A refusal that says what has changed says it with the project as it is now.</summary>
    internal static async Task<Result<ClientProjectView>> Answer(Database database, Caller caller, ClientProjectId id, Refusal? refusal, CancellationToken stop)
    {
        if (refusal is null) return await Run(database, caller, id, stop);
        return refusal == MarketplaceRefusals.ClientProjectChanged ? refusal.With(("project", (await Run(database, caller, id, stop)).Value)) : refusal;
    }

    private const string BookingsSql = """
        select b.id, b.service_name, b.state, b.starts_at from marketplace.project_bookings l join marketplace.bookings b on b.id = l.booking_id where l.project_id = @id order by b.starts_at desc, b.id limit 200
        """;
}
