using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Packages;
using Guildhall.Web.Pages.Market.Packages;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Console.Packages;

/// <summary>Staff change a package of a provider.</summary>
internal static class PackageForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPosted("/console/packages/{id}/change", "ChangeAnyPackageForm", Change).Requires(MarketplacePermissions.PackageEdit);

    private static async Task<IResult> Change(Posted form)
    {
        var page = $"/console/packages/{form.Id<PackageId>()}";
        if (!PackageForms.Read(form).Is(out var body, out var refusal)) return form.Refused(page, refusal, PackageForms.Fields);
        var changed = await EditPackage.Change(form.Database, form.Caller, form.Id<PackageId>(), body, form.Stop);
        if (changed.Is(out _, out refusal)) return form.Done(page, form.T("Saved. Packages that were sold stay as they were.", "حُفظت. تبقى الباقات المباعة كما كانت."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Refused(page, refusal, PackageForms.Fields);
    }
}
