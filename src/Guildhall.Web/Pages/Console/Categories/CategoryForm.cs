using Guildhall.Marketplace;
using Guildhall.Marketplace.Catalog;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Categories;

/// <summary>Makes or changes a category.</summary>
internal static class CategoryForm
{
    private const string Page = "/console/categories";

    public static void Map(IEndpointRouteBuilder app) => app.MapForm(Page + "/set", "CategoryForm", MarketplacePermissions.CategoryEdit, Save);

    private static async Task<IResult> Save(PostedForm form)
    {
        var body = new SetCategory.Body(form["nameEn"], form["nameAr"], form.Number("position"), form["active"] == "true");
        var done = await SetCategory.Run(form.Database, form.Caller, form["id"], body, form.Stop);
        return done.Is(out var category, out var refusal) ? form.Done(Page, $"Saved: {category.NameEn}.") : form.Refused(Page, refusal, "", "id", "nameEn", "nameAr", "position");
    }
}
