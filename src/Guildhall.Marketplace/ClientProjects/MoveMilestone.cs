using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Moderation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>planned → in progress → delivered by the provider (or staff for them); delivered → accepted or → changes requested by the client alone; changes requested → in progress. Only in an
/// active project. Whoever acts says which revision they saw: what is accepted is what was read, amount and all.</summary>
public static class MoveMilestone
{
    /// <param name="Note">With a request for changes: what should be different, 1 to 1000 characters. Else nothing.</param>
    public sealed record Body(int Revision, string? Note = null);

    internal static void Map(IEndpointRouteBuilder api)
    {
        foreach (var act in Enum.GetValues<MilestoneAct>())
            api.MapPost($"/client-projects/{{id}}/milestones/{{milestone}}/actions/{Names.Of(act).Replace('_', '-')}", async (ClientProjectId id, MilestoneId milestone, Body body, Caller caller, Database database, CancellationToken stop) =>
                    (await Run(database, caller, id, milestone, act, body, stop)).ToHttp())
                .WithName(act is MilestoneAct.RequestChanges ? "RequestMilestoneChanges" : $"{act}Milestone").RequiresSignIn().Idempotent().Produces<ClientProjectView>();
    }

    public static async Task<Result<ClientProjectView>> Run(Database database, Caller caller, ClientProjectId id, MilestoneId milestone, MilestoneAct act, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction(tx => Move(tx, caller, id, milestone, act, body), stop);
        return await ReadClientProject.Answer(database, caller, id, done.Refusal, stop);
    }

    private static async Task<Result<Done>> Move(Transaction tx, Caller caller, ClientProjectId id, MilestoneId milestone, MilestoneAct act, Body body)
    {
        var ofClient = act is MilestoneAct.Accept or MilestoneAct.RequestChanges;
        if (act is MilestoneAct.RequestChanges) await EditClientProject.LockPeople(tx, id);
        if (await ClientProjectRows.Lock(tx, id) is not { } project || project.SideOf(caller) is not { } side) return MarketplaceRefusals.ClientProjectNotFound;
        if (await MilestoneRows.Find(tx, id, milestone) is not { } before) return MarketplaceRefusals.MilestoneNotFound;
        if (ofClient && side is not ProjectSide.Client) return MarketplaceRefusals.OnlyTheCustomer;
        if (!ofClient && !project.IsRunBy(caller)) return MarketplaceRefusals.OnlyTheProvider;
        var note = act is MilestoneAct.RequestChanges ? ProjectTexts.Lines(body.Note) : null;
        if (note is not null && (note.Length is < 1 or > 1000 || note.Any(c => char.IsControl(c) && c is not '\n'))) return MarketplaceRefusals.MilestoneNoteInvalid;
        if (before.Revision == body.Revision + 1 && await ClientProjectRows.IsDone(tx, caller, project, Kind(act), milestone, note)) return default(Done);
        if (before.Revision != body.Revision) return MarketplaceRefusals.ClientProjectChanged;
        if (project.State is not ClientProjectState.Active) return MarketplaceRefusals.ClientProjectNotNow.With(("state", project.State));
        if (Milestone.After(before.State, act) is not { } next) return MarketplaceRefusals.MilestoneNotNow.With(("state", before.State));
        if (note is not null && await PersonBlocks.Between(tx, project.ClientId, project.ProviderAccountId)) return MarketplaceRefusals.PeopleBlocked;

        await tx.ChangeOne(Update, new { milestone, next, before = before.State, body.Revision, delivered = next is MilestoneState.Delivered, accepted = next is MilestoneState.Accepted, now = tx.Now });
        await ClientProjectRows.Note(tx, caller, project, Kind(act), milestone, note);
        await tx.Audit(caller, "milestone.moved", "client_project", id.ToString(), before: new { milestone, before.State }, after: new { state = next, amount = before.AmountIn(project.Currency) });
        await TellOfProject.Moved(tx, project, before, next);
        return default(Done);
    }

    private static ProjectEventKind Kind(MilestoneAct act) => act switch
    {
        MilestoneAct.Start => ProjectEventKind.Started,
        MilestoneAct.Deliver => ProjectEventKind.Delivered,
        MilestoneAct.Accept => ProjectEventKind.Accepted,
        MilestoneAct.RequestChanges => ProjectEventKind.ChangesRequested,
    };

    private const string Update = """
        update marketplace.project_milestones set state = @next, revision = revision + 1,
            delivered_at = case when @delivered then @now else delivered_at end, accepted_at = case when @accepted then @now end
        where id = @milestone and state = @before and revision = @Revision
        """;
}
