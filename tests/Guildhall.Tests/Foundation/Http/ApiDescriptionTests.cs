using System.Text.Json;

namespace Guildhall.Tests.Foundation.Http;

[Covers("O-10")]
public sealed class ApiDescriptionTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    public async Task It_is_what_the_routes_say() => Snapshot.Matches("tests/Guildhall.Tests/Snapshots/openapi.json",
        JsonSerializer.Serialize((await Describe()), new JsonSerializerOptions { WriteIndented = true }));

    [Fact]
    public async Task Every_route_of_the_api_is_described_with_its_rule_and_its_refusals()
    {
        var description = await Describe();
        description.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        foreach (var path in description.GetProperty("paths").EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
            {
                var where = $"{operation.Name} {path.Name}";
                operation.Value.GetProperty("x-access").GetString().ShouldNotBeNullOrEmpty(where);
                operation.Value.GetProperty("responses").TryGetProperty("default", out _).ShouldBeTrue(where);
            }
        Has(description, "/api/v1/inbox", "get").GetProperty("x-access").GetString().ShouldBe("signed_in");
        Has(description, "/api/v1/admin/settings/{key}", "patch").GetProperty("x-permission").GetString().ShouldBe("settings.change");
    }

    [Fact]
    public async Task Bodies_of_two_routes_are_two_schemas_and_amounts_and_ids_say_what_they_are()
    {
        var schemas = (await Describe()).GetProperty("components").GetProperty("schemas");
        schemas.TryGetProperty("Body", out _).ShouldBeFalse();
        schemas.TryGetProperty("ChangeSettingBody", out _).ShouldBeTrue();
        schemas.GetProperty("Amount").GetProperty("required").GetArrayLength().ShouldBe(2);
        schemas.GetProperty("ReadInboxEntry").GetProperty("properties").GetProperty("id").GetProperty("pattern").GetString().ShouldBe("^ntc_[0-9a-hjkmnp-tv-z]{26}$");
    }

    private async Task<JsonElement> Describe() => (await world.Visitor().Get("/openapi/v1.json")).Must().Json;

    private static JsonElement Has(JsonElement description, string path, string method) => description.GetProperty("paths").GetProperty(path).GetProperty(method);
}
