using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Resources;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Desk;

/// <summary>The forms of what services need besides their provider, and of how one is sold.</summary>
internal static class ResourceForms
{
    private const string Page = "/desk/resources";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted(Page, "AddResourceForm", Add).RequiresSignIn().ChecksSessionRow();
        app.MapPosted(Page + "/{id}", "ChangeResourceForm", Rename).RequiresSignIn().ChecksSessionRow();
        app.MapPosted(Page + "/{id}/remove", "RemoveResourceForm", Remove).RequiresSignIn().ChecksSessionRow();
        app.MapPosted(Page + "/{id}/shares", "ShareResourceForm", Share).RequiresSignIn().ChecksSessionRow();
        app.MapPosted(Page + "/{id}/shares/{provider}/end", "EndShareForm", EndShare).RequiresSignIn().ChecksSessionRow();
        app.MapPosted("/desk/services/{id}/rules", "SaleRulesForm", SaveRules).RequiresSignIn().ChecksSessionRow();
    }

    private static async Task<IResult> Add(Posted form)
    {
        var added = await EditResource.Add(form.Database, form.Caller, new EditResource.Body(form["name"]), form.Stop);
        return added.Is(out _, out var refusal) ? form.Done(Page, form.T("Added. Now say which services need it.", "أُضيف. حدّد الآن الخدمات التي تحتاجه.")) : form.Refused(Page, refusal, "name");
    }

    private static async Task<IResult> Rename(Posted form)
    {
        var changed = await EditResource.Change(form.Database, form.Caller, form.Id<ResourceId>(), new EditResource.Body(form["name"], Number(form["revision"])), form.Stop);
        if (changed.Is(out _, out var refusal)) return form.Done(Page, form.T("Saved.", "حُفظ."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Refused(Page, refusal);
    }

    private static async Task<IResult> Remove(Posted form) => Answer(form, (await RemoveResource.Run(form.Database, form.Caller, form.Id<ResourceId>(), form.Stop)).Refusal, form.T("Removed.", "حُذف."));

    private static async Task<IResult> Share(Posted form)
    {
        // The address of a page, or the id at its end.
        var text = form["provider"].TrimEnd('/');
        if (!Id.TryParse<ProviderId>(text[(text.LastIndexOf('/') + 1)..], out var provider)) return form.Sorry(Page, MarketplaceRefusals.ProviderNotFound);
        return Answer(form, (await ShareResource.Share(form.Database, form.Caller, form.Id<ResourceId>(), new ShareResource.Body(provider), form.Stop)).Refusal, form.T("Shared.", "تمت المشاركة."));
    }

    private static async Task<IResult> EndShare(Posted form) => Answer(form,
        (await ShareResource.End(form.Database, form.Caller, form.Id<ResourceId>(), form.Id<ProviderId>("provider"), form.Stop)).Refusal, form.T("It is yours alone again.", "عاد لك وحدك."));

    private static async Task<IResult> SaveRules(Posted form)
    {
        var (id, page) = (form.Id<ServiceId>(), $"/desk/services/{form.Id<ServiceId>()}/rules");
        if (!(await ListResources.Run(form.Database, form.Caller, form.Stop)).Is(out var known, out var refusal)) return refusal.ToHttp();
        var needs = known.Items.Where(r => form[$"need-{r.Id}"] == "true").Select(r => r.Id).ToArray();
        var body = new SetSaleRules.Body(needs, Number(form["revision"]), form["asksApproval"] == "true", form["seriesMost"].Length == 0 ? 0 : Number(form["seriesMost"]));
        var set = await SetSaleRules.Run(form.Database, form.Caller, id, body, form.Stop);
        if (set.Is(out _, out refusal)) return form.Done(page, form.T("Saved. It holds for bookings from now on.", "حُفظ، ويسري على الحجوزات من الآن."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Refused(page, refusal, [.. known.Items.Select(r => $"need-{r.Id}"), "asksApproval", "seriesMost"]);
    }

    private static IResult Answer(Posted form, Refusal? refusal, string said) => refusal switch
    {
        null => form.Done(Page, said),
        { Status: 404 } when refusal.Code == MarketplaceRefusals.ResourceNotFound.Code => refusal.ToHttp(),
        _ => form.Sorry(Page, refusal),
    };

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
