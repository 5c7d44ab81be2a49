using System.Text.Json;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.ClientProjects;
using Guildhall.Tests.Files;

namespace Guildhall.Tests.Marketplace.ClientProjects;

[Covers("B-8", "I-15")]
public sealed class ProjectDataTests(FilesWorld world) : IClassFixture<FilesWorld>
{
    [Fact]
    public async Task A_person_is_not_erased_out_of_a_running_project_and_leaves_no_words_in_one_that_is_over()
    {
        var work = await Work.Opened(world);
        await work.Adds("For Layla");
        await work.Delivers();
        (await work.Moves(work.Client, "request-changes", note: "Ring Layla.")).Must();
        (await Objection(work.Client)).ShouldNotBeNull().ShouldContain("project");
        (await Objection(work.Provider)).ShouldNotBeNull();
        var copy = JsonSerializer.Serialize(await ProjectData.Read(world.Data(), work.Client.Id, default), JsonRules.Options);
        foreach (var word in new[] { "New kitchen", "For Layla", "Ring Layla." }) copy.ShouldContain(word);

        await work.Does("cancel");
        (await Objection(work.Client)).ShouldBeNull();
        await work.Begins("A draft for Layla");
        JsonSerializer.Serialize(await ProjectData.Read(world.Data(), work.Client.Id, default), JsonRules.Options).ShouldNotContain("A draft for Layla");
        await world.Data().InTransaction(tx => ProjectData.Erase(tx, work.Client.Id));
        (await world.Database.Count("marketplace.client_projects where client_id = $1 and (title <> '-' or description <> '' or state <> 'cancelled')", work.Client.Id)).ShouldBe(0);
        (await world.Database.Count("marketplace.project_milestones m join marketplace.client_projects j on j.id = m.project_id where j.client_id = $1 and m.title <> '-'", work.Client.Id)).ShouldBe(0);
        (await world.Database.Count("marketplace.project_events e join marketplace.client_projects j on j.id = e.project_id where j.client_id = $1 and e.note is not null", work.Client.Id)).ShouldBe(0);
    }

    private Task<string?> Objection(Person person) => world.Data().InTransaction(tx => ProjectData.Objection(tx, person.Id));
}
