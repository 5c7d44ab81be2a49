using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Moderation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>Title and description, while the project is not over. Whoever changes them says which revision they saw.</summary>
public static class EditClientProject
{
    /// <param name="Title">1 to 100 characters on one line.</param>
    /// <param name="Description">At most 4000 characters.</param>
    public sealed record Body(string Title, string Description, int Revision);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/client-projects/{id}", async (ClientProjectId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(EditClientProject)).RequiresSignIn().ChecksSessionRow().Produces<ClientProjectView>();

    public static async Task<Result<ClientProjectView>> Run(Database database, Caller caller, ClientProjectId id, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (!(await LockToWrite(tx, caller, id)).Is(out var project, out var no)) return no;
            var (title, description) = (ProjectTexts.Line(body.Title), ProjectTexts.Lines(body.Description));
            if (ProjectTexts.Refuse(("title", ProjectTexts.TitleObjection(title)), ("description", ProjectTexts.DescriptionObjection(description))) is { } wrong) return wrong;
            if (project.Revision != body.Revision) return MarketplaceRefusals.ClientProjectChanged;
            await tx.ChangeOne(Update, new { id, title, description, body.Revision });
            await tx.Audit(caller, "client_project.changed", "client_project", id.ToString(), after: new { revision = body.Revision + 1 });
            return default(Done);
        }, stop);
        return await ReadClientProject.Answer(database, caller, id, done.Refusal, stop);
    }

    /// <summary>The project, locked, for whoever runs it and writes what its client reads: it is not over, and neither has blocked the other. The people are locked first, as a block locks them.</summary>
    internal static async Task<Result<ClientProject>> LockToWrite(Transaction tx, Caller caller, ClientProjectId id)
    {
        await LockPeople(tx, id);
        if (!(await ClientProjectRows.LockToRun(tx, caller, id)).Is(out var project, out var refusal)) return refusal;
        if (project.IsOver) return MarketplaceRefusals.ClientProjectNotNow.With(("state", project.State));
        return await PersonBlocks.Between(tx, project.ClientId, project.ProviderAccountId) ? MarketplaceRefusals.PeopleBlocked : project;
    }

    /// <summary>Locks both people of a project; they never change.</summary>
    internal static async Task LockPeople(Transaction tx, ClientProjectId id)
    {
        if (await tx.Find<ClientProject>(ClientProjectRows.Select + " where j.id = @id", new { id }) is { } seen)
            await Claims.Lock(tx, [], PersonBlocks.Holder(seen.ClientId), PersonBlocks.Holder(seen.ProviderAccountId));
    }

    private const string Update = """
        update marketplace.client_projects set title = @title, description = @description, revision = revision + 1 where id = @id and revision = @Revision and state in ('draft', 'active', 'paused')
        """;
}
