using System.Reflection;
using System.Text;
using Guildhall.Foundation.Security;

namespace Guildhall.Tests.Identity.Permissions;

/// <summary>The catalogue of permissions, docs/permissions.md and the database say the same.</summary>
public sealed class ListPermissionsTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-12", "asvs-8.1.1")]
    public async Task Asvs_8_1_1_The_catalogue_is_what_the_code_lists_and_the_document_says()
    {
        var listed = Product.Modules.Values.SelectMany(a => a.GetTypes()).Where(t => t.Name.EndsWith("Permissions", StringComparison.Ordinal) && t is { IsAbstract: true, IsSealed: true })
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)).Where(f => f.FieldType == typeof(Permission)).Select(f => ((Permission)f.GetValue(null)!).Name);
        var modules = (await (await world.Person("admin")).Get("admin/permissions")).Must().At("modules");
        var answered = modules.EnumerateArray().SelectMany(m => m.GetProperty("permissions").EnumerateArray()).Select(p => p.GetProperty("name").GetString()!).ToArray();
        answered.Order(StringComparer.Ordinal).ShouldBe(listed.Order(StringComparer.Ordinal));
        answered.ShouldBeUnique();
        Snapshot.Matches("docs/permissions.md", Document(world.Get<PermissionBook>()));
    }

    [Fact]
    [Covers("asvs-8.1.1")]
    public async Task Every_permission_that_a_route_asks_for_is_in_the_catalogue_and_every_one_is_asked_for()
    {
        var book = world.Get<PermissionBook>();
        await using var app = Product.NotStarted();
        var asked = Product.Routes(app).Select(r => Guildhall.Foundation.Http.RequestPipeline.RuleOf(r)?.Permission?.Name).OfType<string>().Distinct(StringComparer.Ordinal);
        asked.Where(name => !book.Knows(name)).ShouldBeEmpty();
        (await world.Database.Column<string>("select distinct permission from identity.role_permissions where permission <> '*'")).Where(name => !book.Knows(name)).ShouldBeEmpty();
    }

    private static string Document(PermissionBook book)
    {
        var text = new StringBuilder("""
            # Permissions

            What a role may be given, under Console, Roles. Administrators hold all of them (`*`). Made from the modules' lists by the tests; do not edit.

            """);
        foreach (var list in book.Lists.OrderBy(l => l.Module, StringComparer.Ordinal))
        {
            text.Append("\n## ").Append(list.Module).Append("\n\n| permission | allows |\n|---|---|\n");
            foreach (var permission in list.Permissions) text.Append(null, $"| `{permission.Name}` | {permission.Says} |\n");
        }
        return text.ToString();
    }
}
