using System.Text.RegularExpressions;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Catalog;

/// <summary>Makes a category or changes its names, place and use; its services stay in it.</summary>
public static partial class SetCategory
{
    public sealed record Body(string NameEn, string NameAr, int Position, bool Active = true);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/admin/categories/{category}", async (string category, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, category, body, stop)).ToHttp())
        .WithName(nameof(SetCategory)).Requires(MarketplacePermissions.CategoryEdit).Produces<CategoryView>();

    public static async Task<Result<CategoryView>> Run(Database database, Caller caller, string category, Body body, CancellationToken stop)
    {
        var wanted = new CategoryView(category, body.NameEn.Trim(), body.NameAr.Trim(), body.Position, body.Active);
        if (!Name().IsMatch(category) || !IsName(wanted.NameEn) || !IsName(wanted.NameAr) || body.Position is < 0 or > 9999) return MarketplaceRefusals.CategoryInvalid;
        return await database.InTransaction<Result<CategoryView>>(async tx =>
        {
            var before = await tx.Find<CategoryView>("select id, name_en, name_ar, position, active from marketplace.categories where id = @category for update", new { category });
            await tx.ChangeOne(Upsert, new { wanted.Id, wanted.NameEn, wanted.NameAr, wanted.Position, wanted.Active });
            await tx.Audit(caller, "category.set", "category", category, before: before, after: wanted);
            return wanted;
        }, stop);
    }

    private static bool IsName(string text) => text.Length is >= 1 and <= 60 && !text.Any(char.IsControl);

    [GeneratedRegex("^[a-z][a-z0-9-]{1,39}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    private const string Upsert = """
        insert into marketplace.categories (id, name_en, name_ar, position, active) values (@Id, @NameEn, @NameAr, @Position, @Active)
        on conflict (id) do update set name_en = excluded.name_en, name_ar = excluded.name_ar, position = excluded.position, active = excluded.active
        """;
}
