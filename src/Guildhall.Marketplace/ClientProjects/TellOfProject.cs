using System.Globalization;
using Guildhall.Foundation.Data;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>What the other side of a project is told.</summary>
internal static class TellOfProject
{
    public static Task Opened(Transaction tx, ClientProject project) => Notify.Person(tx, project.ClientId, "client_project_opened", Words(project, "–", $"/my/projects/{project.Id}"), uniqueKey: project.Id.ToString());

    /// <summary>Of a milestone that waits for the client, or got their answer; each revision once.</summary>
    public static async Task Moved(Transaction tx, ClientProject project, Milestone before, MilestoneState next)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{before.Id}:{before.Revision + 1}");
        if (next is MilestoneState.Delivered) await Notify.Person(tx, project.ClientId, "milestone_delivered", Words(project, before.Title, $"/my/projects/{project.Id}"), uniqueKey: key);
        else if (next is MilestoneState.Accepted) await Notify.Person(tx, project.ProviderAccountId, "milestone_accepted", Words(project, before.Title, $"/desk/projects/{project.Id}"), uniqueKey: key);
        else if (next is MilestoneState.ChangesRequested) await Notify.Person(tx, project.ProviderAccountId, "milestone_changes_requested", Words(project, before.Title, $"/desk/projects/{project.Id}"), uniqueKey: key);
    }

    private static Dictionary<string, string> Words(ClientProject project, string milestone, string link) => new(StringComparer.Ordinal)
    {
        ["project"] = project.Title, ["milestone"] = milestone, ["provider"] = project.ProviderName, ["link"] = link,
    };
}
