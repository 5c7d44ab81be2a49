using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>Milestones of a project that is not over are added at the end, changed, put elsewhere and removed, as long as the client is not asked to accept them. By the provider, or staff for
/// them. Whoever changes one says which revision they saw.</summary>
public static class EditMilestone
{
    private const long MostMinor = 100_000_000_000;

    /// <param name="Title">1 to 90 characters on one line.</param>
    /// <param name="Amount">What is invoiced once it is accepted, above zero, in the currency of the project; null: nothing.</param>
    /// <param name="No">With a change: the place it gets, the first is 1; null: it stays where it is.</param>
    /// <param name="Revision">With a change: the one that was seen.</param>
    public sealed record Body(string Title, DateOnly DueOn, Amount? Amount = null, int? No = null, int? Revision = null);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/client-projects/{id}/milestones", async (ClientProjectId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Add(database, caller, id, body, stop)).ToHttp(success: 201))
            .WithName("AddMilestone").RequiresSignIn().Idempotent().Produces<ClientProjectView>(201);
        api.MapPut("/client-projects/{id}/milestones/{milestone}", async (ClientProjectId id, MilestoneId milestone, Body body, Caller caller, Database database, CancellationToken stop) =>
                (await Change(database, caller, id, milestone, body, stop)).ToHttp())
            .WithName("ChangeMilestone").RequiresSignIn().ChecksSessionRow().Produces<ClientProjectView>();
        api.MapDelete("/client-projects/{id}/milestones/{milestone}", async (ClientProjectId id, MilestoneId milestone, Caller caller, Database database, CancellationToken stop, int? revision = null) =>
                (await Remove(database, caller, id, milestone, revision, stop)).ToHttp())
            .WithName("RemoveMilestone").RequiresSignIn().ChecksSessionRow().Produces<ClientProjectView>();
    }

    public static async Task<Result<ClientProjectView>> Add(Database database, Caller caller, ClientProjectId id, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (!(await EditClientProject.LockToWrite(tx, caller, id)).Is(out var project, out var no)) return no;
            var milestone = caller.OperationId is { } operation ? new MilestoneId(operation) : tx.NewId<MilestoneId>();
            if (await MilestoneRows.Find(tx, id, milestone) is not null) return default(Done);
            if (Objections(project, body) is { } wrong) return wrong;
            var count = await tx.Get<long>("select count(*) from marketplace.project_milestones where project_id = @id", new { id });
            if (count >= MilestoneRows.MostOfProject) return MarketplaceRefusals.TooManyMilestones.With(("atMost", MilestoneRows.MostOfProject));
            await tx.ChangeOne(Insert, new { milestone, id, no = (int)count + 1, title = ProjectTexts.Line(body.Title), body.DueOn, minor = body.Amount?.Minor });
            await tx.Audit(caller, "milestone.added", "client_project", id.ToString(), after: new { milestone, body.DueOn, body.Amount });
            return default(Done);
        }, stop);
        return await ReadClientProject.Answer(database, caller, id, done.Refusal, stop);
    }

    public static async Task<Result<ClientProjectView>> Change(Database database, Caller caller, ClientProjectId id, MilestoneId milestone, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (!(await EditClientProject.LockToWrite(tx, caller, id)).Is(out var project, out var no)) return no;
            if (!(await Open(tx, id, milestone, body.Revision)).Is(out var before, out var closed)) return closed;
            if (Objections(project, body) is { } wrong) return wrong;
            await tx.ChangeOne(Update, new { milestone, title = ProjectTexts.Line(body.Title), body.DueOn, minor = body.Amount?.Minor, before.Revision, before.State });
            if (body.No is { } place && place != before.No)
            {
                var count = await tx.Get<long>("select count(*) from marketplace.project_milestones where project_id = @id", new { id });
                await tx.Change(Reorder, new { id, milestone, old = before.No, place = (int)Math.Clamp(place, 1, count) });
            }
            await tx.Audit(caller, "milestone.changed", "client_project", id.ToString(), before: new { milestone, before.DueOn, amount = before.AmountIn(project.Currency), before.No }, after: new { body.DueOn, body.Amount, body.No });
            return default(Done);
        }, stop);
        return await ReadClientProject.Answer(database, caller, id, done.Refusal, stop);
    }

    public static async Task<Result<ClientProjectView>> Remove(Database database, Caller caller, ClientProjectId id, MilestoneId milestone, int? revision, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (!(await EditClientProject.LockToWrite(tx, caller, id)).Is(out var project, out var no)) return no;
            if (!(await Open(tx, id, milestone, revision)).Is(out var before, out var closed)) return closed;
            await tx.ChangeOne("delete from marketplace.project_milestones where id = @milestone and revision = @Revision and state = @State", new { milestone, before.Revision, before.State });
            await tx.Change("update marketplace.project_milestones set no = no - 1 where project_id = @id and no > @No", new { id, before.No });
            await tx.Audit(caller, "milestone.removed", "client_project", id.ToString(), before: new { milestone, before.DueOn, amount = before.AmountIn(project.Currency) });
            return default(Done);
        }, stop);
        return await ReadClientProject.Answer(database, caller, id, done.Refusal, stop);
    }

    private static async Task<Result<Milestone>> Open(Transaction tx, ClientProjectId id, MilestoneId milestone, int? revision)
    {
        if (await MilestoneRows.Find(tx, id, milestone) is not { } before) return MarketplaceRefusals.MilestoneNotFound;
        if (before.Revision != revision) return MarketplaceRefusals.ClientProjectChanged;
        return before.IsOpen ? before : MarketplaceRefusals.MilestoneNotNow.With(("state", before.State));
    }

    private static Refusal? Objections(ClientProject project, Body body) => ProjectTexts.Refuse(
        ("title", ProjectTexts.MilestoneObjection(ProjectTexts.Line(body.Title))),
        ("dueOn", body.DueOn.Year is >= 2000 and <= 2100 ? null : "A milestone is due on a day between 2000 and 2100."),
        ("amount", body.Amount is not { } amount || amount.Currency == project.Currency && amount.Minor is > 0 and <= MostMinor ? null : "An amount is above zero, in the currency of the project."));

    private const string Insert = """
        insert into marketplace.project_milestones (id, project_id, no, title, due_on, amount_minor, state) values (@milestone, @id, @no, @title, @DueOn, @minor, 'planned')
        """;

    private const string Update = """
        update marketplace.project_milestones set title = @title, due_on = @DueOn, amount_minor = @minor, revision = revision + 1 where id = @milestone and revision = @Revision and state = @State
        """;

    // The place of the others is not what somebody has seen of them: their revisions stay.
    private const string Reorder = """
        update marketplace.project_milestones set no = case when id = @milestone then @place when @place < @old then no + 1 else no - 1 end
        where project_id = @id and no between least(@old, @place) and greatest(@old, @place)
        """;
}
