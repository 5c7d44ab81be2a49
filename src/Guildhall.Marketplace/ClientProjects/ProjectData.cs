using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>Client projects as a person's own data. What was agreed and accepted stays for the other side; the words of the person go, and the title, which may name them.</summary>
internal static class ProjectData
{
    private sealed record Held(string Id, string Role, string Title, string Description, string State, DateTimeOffset CreatedAt);
    private sealed record Part(string ProjectId, string Title, DateOnly DueOn, string State, long? AmountMinor);
    private sealed record Asked(string ProjectId, DateTimeOffset At, string Note);

    public static async Task<object> Read(Database database, Guid person, CancellationToken stop)
    {
        var args = new { person, most = PersonalData.Most };
        return new
        {
            projects = await database.List<Held>(ProjectsSql, args, stop),
            milestones = await database.List<Part>(MilestonesSql, args, stop),
            changes_requested = await database.List<Asked>(NotesSql, args, stop),
        };
    }

    public static async Task<string?> Objection(Transaction tx, Guid person) => await tx.Get<bool>("""
        select exists (select 1 from marketplace.client_projects where state in ('active', 'paused') and (client_id = @person or provider_account_id = @person))
        """, new { person }) ? "A project with milestones is not over. It is completed or cancelled first." : null;

    public static async Task Erase(Transaction tx, Guid person)
    {
        await tx.Change("""
            update marketplace.client_projects set title = '-', description = '', revision = revision + 1, state = case when state = 'draft' then 'cancelled' else state end, ended_at = coalesce(ended_at, @now)
            where (client_id = @person or provider_account_id = @person) and state in ('draft', 'completed', 'cancelled')
            """, new { person, now = tx.Now });
        await tx.Change("""
            update marketplace.project_milestones set title = '-' where project_id in (select id from marketplace.client_projects where client_id = @person or provider_account_id = @person)
            """, new { person });
        await tx.Change("""
            update marketplace.project_events set note = null where note is not null and project_id in (select id from marketplace.client_projects where client_id = @person)
            """, new { person });
    }

    // A draft is its provider's alone.
    private const string ProjectsSql = """
        select id::text as id, case when client_id = @person then 'client' else 'provider' end as role, title, description, state, created_at from marketplace.client_projects
        where client_id = @person and opened_at is not null or provider_account_id = @person order by id desc limit @most
        """;

    private const string MilestonesSql = """
        select m.project_id::text as project_id, m.title, m.due_on, m.state, m.amount_minor from marketplace.project_milestones m join marketplace.client_projects j on j.id = m.project_id
        where j.client_id = @person and j.opened_at is not null or j.provider_account_id = @person order by m.project_id desc, m.no limit @most
        """;

    private const string NotesSql = """
        select e.project_id::text as project_id, e.at, e.note from marketplace.project_events e join marketplace.client_projects j on j.id = e.project_id
        where j.client_id = @person and e.note is not null order by e.project_id desc, e.seq desc limit @most
        """;
}
