using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Resources;

/// <summary>A provider adds a resource or gives it another name. Two that are in use never have the same name.</summary>
public static class EditResource
{
    private const string SameName = "resources_name";

    /// <param name="Name">1 to 60 characters.</param>
    /// <param name="Revision">With a change: the one that was seen.</param>
    public sealed record Body(string Name, int? Revision = null);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/providers/me/resources", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Add(database, caller, body, stop)).ToHttp(success: 201))
            .WithName("AddResource").RequiresSignIn().ChecksSessionRow().Produces<ResourceView>(201);
        api.MapPut("/providers/me/resources/{id}", async (ResourceId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Change(database, caller, id, body, stop)).ToHttp())
            .WithName("ChangeResource").RequiresSignIn().ChecksSessionRow().Produces<ResourceView>();
    }

    public static async Task<Result<ResourceView>> Add(Database database, Caller caller, Body body, CancellationToken stop)
    {
        if (Clean(body.Name) is not { } name) return MarketplaceRefusals.ResourceNameInvalid;
        var added = await database.InTransaction<Result<ResourceId>>(async tx =>
        {
            if (await ProviderRows.OfCaller(tx, caller) is not { } provider) return MarketplaceRefusals.NotAProvider;
            await tx.Change("select 1 from marketplace.providers where id = @Id for no key update", new { provider.Id });
            if (await tx.Get<long>("select count(*) from marketplace.resources where provider_id = @Id and removed_at is null", new { provider.Id }) >= ResourceRows.MostOfProvider)
                return MarketplaceRefusals.TooManyResources.With(("atMost", ResourceRows.MostOfProvider));
            var id = tx.NewId<ResourceId>();
            if (!await tx.Attempt(() => tx.ChangeOne(Insert, new { id, provider = provider.Id, name, now = tx.Now }), SameName)) return MarketplaceRefusals.ResourceNameTaken;
            await tx.Audit(caller, "resource.added", "resource", id.ToString(), after: new { name });
            return id;
        }, stop);
        return added.Is(out var made, out var refusal) ? await Read(database, caller, made, stop) : refusal;
    }

    public static async Task<Result<ResourceView>> Change(Database database, Caller caller, ResourceId id, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (await ProviderRows.OfCaller(tx, caller) is not { } provider) return MarketplaceRefusals.NotAProvider;
            if (await ResourceRows.Lock(tx, provider.Id, id) is not { } before) return MarketplaceRefusals.ResourceNotFound;
            if (Clean(body.Name) is not { } name) return MarketplaceRefusals.ResourceNameInvalid;
            if (body.Revision != before.Revision) return MarketplaceRefusals.ResourceChanged.With(("revision", before.Revision));
            if (!await tx.Attempt(() => tx.ChangeOne(Update, new { id, name, body.Revision }), SameName)) return MarketplaceRefusals.ResourceNameTaken;
            await tx.Audit(caller, "resource.renamed", "resource", id.ToString(), before: new { before.Name }, after: new { name });
            return default(Done);
        }, stop);
        return done.Refusal is { } refusal ? refusal : await Read(database, caller, id, stop);
    }

    internal static async Task<Result<ResourceView>> Read(Database database, Caller caller, ResourceId id, CancellationToken stop)
    {
        if (!(await ListResources.Run(database, caller, stop)).Is(out var all, out var refusal)) return refusal;
        return all.Items.FirstOrDefault(r => r.Id == id) is { } one ? one : MarketplaceRefusals.ResourceNotFound;
    }

    private static string? Clean(string? name) => name?.Trim() is { Length: >= 1 and <= 60 } plain && !plain.Any(char.IsControl) ? plain : null;

    private const string Insert = "insert into marketplace.resources (id, provider_id, name, created_at) values (@id, @provider, @name, @now)";

    private const string Update = "update marketplace.resources set name = @name, revision = revision + 1 where id = @id and revision = @Revision and removed_at is null";
}
