using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>draft → active ↔ paused; active → completed, once every milestone is accepted; all three → cancelled. By the provider, or staff for them.</summary>
public static class MoveClientProject
{
    public sealed record Body(int Revision);

    internal static void Map(IEndpointRouteBuilder api)
    {
        foreach (var act in Enum.GetValues<ProjectAct>())
            api.MapPost($"/client-projects/{{id}}/actions/{Names.Of(act)}", async (ClientProjectId id, Body body, Caller caller, Database database, CancellationToken stop) =>
                    (await Run(database, caller, id, act, body, stop)).ToHttp())
                .WithName($"{act}ClientProject").RequiresSignIn().Idempotent().Produces<ClientProjectView>();
    }

    public static async Task<Result<ClientProjectView>> Run(Database database, Caller caller, ClientProjectId id, ProjectAct act, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction(tx => Move(tx, caller, id, act, body.Revision), stop);
        return await ReadClientProject.Answer(database, caller, id, done.Refusal, stop);
    }

    private static async Task<Result<Done>> Move(Transaction tx, Caller caller, ClientProjectId id, ProjectAct act, int revision)
    {
        if (!(await ClientProjectRows.LockToRun(tx, caller, id)).Is(out var project, out var no)) return no;
        if (project.Revision == revision + 1 && await ClientProjectRows.IsDone(tx, caller, project, Kind(act))) return default(Done);
        if (project.Revision != revision) return MarketplaceRefusals.ClientProjectChanged;
        if (ClientProject.After(project.State, act) is not { } next) return MarketplaceRefusals.ClientProjectNotNow.With(("state", project.State));
        if (act is ProjectAct.Complete && await tx.Get<bool>(Unaccepted, new { id })) return MarketplaceRefusals.ClientProjectUnfinished;
        await tx.ChangeOne(Update, new { id, next, before = project.State, revision, opened = act is ProjectAct.Open, ended = next is ClientProjectState.Completed or ClientProjectState.Cancelled, now = tx.Now });
        await ClientProjectRows.Note(tx, caller, project, Kind(act));
        await tx.Audit(caller, "client_project.moved", "client_project", id.ToString(), before: new { project.State }, after: new { state = next });
        if (act is ProjectAct.Open) await TellOfProject.Opened(tx, project);
        return default(Done);
    }

    private static ProjectEventKind Kind(ProjectAct act) => act switch
    {
        ProjectAct.Open => ProjectEventKind.Opened,
        ProjectAct.Pause => ProjectEventKind.Paused,
        ProjectAct.Resume => ProjectEventKind.Resumed,
        ProjectAct.Complete => ProjectEventKind.Completed,
        ProjectAct.Cancel => ProjectEventKind.Cancelled,
    };

    private const string Unaccepted = "select exists (select 1 from marketplace.project_milestones where project_id = @id and state <> 'accepted')";

    private const string Update = """
        update marketplace.client_projects set state = @next, revision = revision + 1,
            opened_at = case when @opened then @now else opened_at end, ended_at = case when @ended then @now end
        where id = @id and state = @before and revision = @revision
        """;
}
