using Guildhall.Files.Upload;
using Guildhall.Foundation;
using Guildhall.Marketplace.Moderation;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>Files of a project: its provider adds and reads them, its client too once it was opened, staff who see projects read them. A project that is over takes none.</summary>
internal static class ProjectFiles
{
    public static FileSubject Subject { get; } = new(ClientProjectId.Prefix, async (database, caller, subject, stop) =>
    {
        if (!Id.TryParse<ClientProjectId>(subject, out var id) || await ClientProjectRows.Find(database, id, stop) is not { } project || project.SideOf(caller) is not { } side) return FileRights.None;
        if (side is ProjectSide.Staff || project.IsOver) return FileRights.Read;
        // A file is a message too.
        return await PersonBlocks.Between(database, project.ClientId, project.ProviderAccountId, stop) ? FileRights.Read : FileRights.Write;
    })
    {
        // With its row shared, so that the project is not over before the file is in.
        Takes = async (tx, subject) => Id.TryParse<ClientProjectId>(subject, out var id)
            && await tx.Get<bool>("select exists (select 1 from marketplace.client_projects where id = @id and state in ('draft', 'active', 'paused') for share)", new { id }),
    };
}
