using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>draft → active ↔ paused; active → completed; all three → cancelled.</summary>
public enum ClientProjectState { Draft, Active, Paused, Completed, Cancelled }

/// <summary>What is done to a project.</summary>
public enum ProjectAct { Open, Pause, Resume, Complete, Cancel }

/// <summary>What the reader is to the project.</summary>
public enum ProjectSide { Client, Provider, Staff }

/// <summary>What happened in a project.</summary>
public enum ProjectEventKind { Created, Opened, Paused, Resumed, Completed, Cancelled, Started, Delivered, Accepted, ChangesRequested, Invoiced }

/// <summary>Work for one client. Title and description are the provider's words; the currency is that of the booking it was opened from. The revision rises with every change of the row.</summary>
internal sealed record ClientProject(ClientProjectId Id, ProviderId ProviderId, Guid ProviderAccountId, string ProviderName, Guid ClientId, string Title, string Description, Currency Currency,
    ClientProjectState State, int Revision, DateTimeOffset CreatedAt, DateTimeOffset? OpenedAt, DateTimeOffset? EndedAt)
{
    /// <summary>It takes no more of anything.</summary>
    public bool IsOver => State is ClientProjectState.Completed or ClientProjectState.Cancelled;

    /// <summary>Null for a stranger; a client is one until the project was opened. Who is a party to it is no staff here.</summary>
    public ProjectSide? SideOf(Caller caller) =>
        caller.Is(ProviderAccountId) ? ProjectSide.Provider
        : caller.Is(ClientId) ? OpenedAt is not null ? ProjectSide.Client : null
        : caller.May(MarketplacePermissions.ClientProjectView) || caller.May(MarketplacePermissions.ClientProjectEdit) ? ProjectSide.Staff : null;

    /// <summary>May do what the provider does.</summary>
    public bool IsRunBy(Caller caller) => SideOf(caller) is ProjectSide.Provider || SideOf(caller) is ProjectSide.Staff && caller.May(MarketplacePermissions.ClientProjectEdit);

    /// <summary>The state after the act, or null where it is not possible.</summary>
    public static ClientProjectState? After(ClientProjectState state, ProjectAct act) => (state, act) switch
    {
        (ClientProjectState.Draft, ProjectAct.Open) => ClientProjectState.Active,
        (ClientProjectState.Active, ProjectAct.Pause) => ClientProjectState.Paused,
        (ClientProjectState.Paused, ProjectAct.Resume) => ClientProjectState.Active,
        (ClientProjectState.Active, ProjectAct.Complete) => ClientProjectState.Completed,
        (ClientProjectState.Draft or ClientProjectState.Active or ClientProjectState.Paused, ProjectAct.Cancel) => ClientProjectState.Cancelled,
        _ => null,
    };
}

/// <summary>Finding and locking projects. The row of a project puts everything in order that happens in it: whoever writes to it holds it.</summary>
internal static class ClientProjectRows
{
    public const string Select = """
        select j.id, j.provider_id, j.provider_account_id, p.display_name as provider_name, j.client_id, j.title, j.description, j.currency, j.state, j.revision, j.created_at, j.opened_at, j.ended_at
        from marketplace.client_projects j join marketplace.providers p on p.id = j.provider_id
        """;

    public static Task<ClientProject?> Find(Database database, ClientProjectId id, CancellationToken stop) => database.Find<ClientProject>(Select + " where j.id = @id", new { id }, stop);

    public static Task<ClientProject?> Lock(Transaction tx, ClientProjectId id) => tx.Find<ClientProject>(Select + " where j.id = @id for update of j", new { id });

    /// <summary>The project, locked, for whoever does what its provider does.</summary>
    public static async Task<Result<ClientProject>> LockToRun(Transaction tx, Caller caller, ClientProjectId id)
    {
        if (await Lock(tx, id) is not { } project || project.SideOf(caller) is null) return MarketplaceRefusals.ClientProjectNotFound;
        return project.IsRunBy(caller) ? project : MarketplaceRefusals.OnlyTheProvider;
    }

    /// <summary>Adds a line to what happened; the project is locked.</summary>
    public static Task Note(Transaction tx, Caller caller, ClientProject project, ProjectEventKind kind, MilestoneId? milestone = null, string? note = null) => tx.ChangeOne(InsertEvent, new
    {
        id = project.Id, now = tx.Now, side = project.SideOf(caller)!.Value, kind, milestone, note,
    });

    /// <summary>The last that happened to the milestone (null: to the project itself) is just this, by this side: who asks for it again, after an answer was lost, is told that it is done.</summary>
    public static Task<bool> IsDone(Transaction tx, Caller caller, ClientProject project, ProjectEventKind kind, MilestoneId? milestone = null, string? note = null) =>
        tx.Get<bool>(IsLast, new { id = project.Id, side = project.SideOf(caller), kind, milestone, note });

    private const string IsLast = """
        select exists (select 1 from (
            select side, kind, note from marketplace.project_events where project_id = @id and milestone_id is not distinct from @milestone order by seq desc limit 1) t
            where t.side = @side and t.kind = @kind and t.note is not distinct from @note)
        """;

    private const string InsertEvent = """
        insert into marketplace.project_events (project_id, seq, at, side, kind, milestone_id, note)
        select @id, coalesce(max(seq), 0) + 1, @now, @side, @kind, @milestone, @note from marketplace.project_events where project_id = @id
        """;
}

/// <summary>What may be written about a project.</summary>
internal static class ProjectTexts
{
    public const int MostTitle = 100, MostMilestone = 90, MostDescription = 4000;

    public static string Line(string? text) => (text ?? "").Trim();

    public static string Lines(string? text) => (text ?? "").Trim().ReplaceLineEndings("\n");

    public static string? TitleObjection(string title) => title.Length is >= 1 and <= MostTitle && !title.Any(char.IsControl) ? null : "A project has a title of 1 to 100 characters on one line.";

    public static string? DescriptionObjection(string text) => text.Length <= MostDescription && !text.Any(c => char.IsControl(c) && c is not '\n') ? null : "A description has at most 4000 characters.";

    public static string? MilestoneObjection(string title) => title.Length is >= 1 and <= MostMilestone && !title.Any(char.IsControl) ? null : "A milestone has a title of 1 to 90 characters on one line.";

    /// <summary>Null when nothing is wrong.</summary>
    public static Refusal? Refuse(params (string Field, string? Objection)[] fields)
    {
        var wrong = fields.Where(f => f.Objection is not null).ToDictionary(f => f.Field, f => f.Objection!, StringComparer.Ordinal);
        return wrong.Count > 0 ? FoundationRefusals.InvalidInput.With(("fields", wrong)) : null;
    }
}
