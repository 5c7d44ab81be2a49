using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Catalog;

/// <summary>A category of services, by its name for addresses.</summary>
/// <param name="Position">Categories stand in this order.</param>
/// <param name="Active">One that is not keeps its services and is offered for no new one.</param>
public sealed record CategoryView(string Id, string NameEn, string NameAr, int Position, bool Active)
{
    /// <summary>The name for a reader of this language.</summary>
    public string NameIn(string language) => language == "ar" ? NameAr : NameEn;
}

/// <summary>All categories, in their order.</summary>
public static class ListCategories
{
    public sealed record View(IReadOnlyList<CategoryView> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/categories", async (Database database, CancellationToken stop) => Results.Ok(new View(await Run(database, stop))))
        .WithName(nameof(ListCategories)).ForAnyone().Produces<View>();

    public static Task<IReadOnlyList<CategoryView>> Run(Database database, CancellationToken stop) =>
        database.List<CategoryView>("select id, name_en, name_ar, position, active from marketplace.categories order by position, id limit 500", stop: stop);
}
