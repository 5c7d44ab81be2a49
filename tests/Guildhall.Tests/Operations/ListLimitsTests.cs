using System.Text.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Operations;

public sealed class ListLimitsTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("asvs-2.1.3", "asvs-6.1.1", "asvs-7.1.2")]
    public async Task A_running_node_lists_what_the_document_says()
    {
        var answer = (await (await world.Person("admin")).Get("admin/limits")).Must();
        var document = Tree.Read("docs/limits.md");
        var items = answer.At("items").Deserialize<ProductLimit[]>(JsonRules.Options)!;
        items.Length.ShouldBeGreaterThan(25);
        foreach (var limit in items) document.ShouldContain($"| {limit.Name} | {limit.Value} | {limit.Then} |");
        answer.At("rateFactor").GetInt32().ShouldBe(1000);
        (await (await world.Person("customer")).Get("admin/limits")).MustRefuse(FoundationRefusals.NotAllowed);
    }
}
