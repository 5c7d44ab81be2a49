using System.Security.Cryptography;
using System.Text.Json;

namespace Guildhall.Tests.Deploy;

/// <summary>The clients of <c>clients/</c>, made from the committed OpenAPI document, compiled and used against a node.</summary>
[Covers("O-10")]
public sealed class ClientsTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private static readonly string Document = Tree.Path("tests/Guildhall.Tests/Snapshots/openapi.json");

    [Fact]
    public async Task The_typescript_client_is_made_compiles_and_works()
    {
        var home = Copy("typescript", "package-lock.json");
        await Shell.Bash($"cd '{home}' && {{ [ -d node_modules ] || npm ci --silent; }}");
        await Shell.Bash($"cd '{home}' && OPENAPI='{Document}' npm run --silent generate");
        await Shell.Bash($"cd '{home}' && npx tsc -p .");
        await Works($"node '{home}/dist/story.js'");
    }

    [Fact]
    public async Task The_csharp_client_is_made_compiles_and_works()
    {
        var home = Copy("csharp", ".config/dotnet-tools.json");
        await Shell.Bash($"cd '{home}' && ./generate '{Document}'");
        await Shell.Bash($"cd '{home}' && dotnet build -c Release -nologo -v q -tl:off -p:UseSharedCompilation=false");
        await Works($"dotnet '{home}/bin/Release/net10.0/Guildhall.Client.dll'");
    }

    private async Task Works(string program)
    {
        var person = await world.Person();
        var said = JsonSerializer.Deserialize<JsonElement>((await Shell.Bash($"{program} {world.Addresses[0].GetLeftPart(UriPartial.Authority)} {person.Email} '{Person.Password}'")).Trim());
        (said.GetProperty("services").GetBoolean(), said.GetProperty("bookings").GetBoolean(), said.GetProperty("status").GetInt32()).ShouldBe((true, true, 400)); // no id looks like that
    }

    // A folder of its own for each state of what it rests on, so that packages are fetched once; sources are always fresh.
    private static string Copy(string client, string restsOn)
    {
        var source = Tree.Path("clients/" + client);
        var home = Tree.Path($".guildhall/clients/{client}-{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(source, restsOn))))[..16]}");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(source, file);
            if (relative.Split('/')[0] is "node_modules" or "dist" or "bin" or "obj" or "Generated") continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(home, relative))!);
            File.Copy(file, Path.Combine(home, relative), overwrite: true);
        }
        return home;
    }
}
