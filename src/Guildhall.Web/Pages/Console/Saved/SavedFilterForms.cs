using Guildhall.Operations;
using Guildhall.Operations.SavedFilters;
using Guildhall.Web.Components;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Saved;

/// <summary>Keeps the filter of a list under a name, and forgets it.</summary>
internal static class SavedFilterForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/saved-filters", "SaveFilterForm", OperationsPermissions.DashboardView, Save);
        app.MapForm("/console/saved-filters/{id}/forget", "ForgetFilterForm", OperationsPermissions.DashboardView, Forget);
    }

    private static async Task<IResult> Save(PostedForm form)
    {
        var saved = await form.Database.InTransaction(tx => SaveFilter.Run(tx, form.Caller, new(form["list"], form["filter-name"], form["query"])), form.Stop);
        if (saved.Is(out var filter, out var refusal)) return form.Done(filter.Address, Said(form, $"Saved as “{filter.Name}”.", $"حُفظت باسم «{filter.Name}»."));
        var list = FilteredList.Find(form["list"]);
        var back = list is not null && list.Read(form["query"]).Is(out var query, out _) ? $"{list.Address}?{query}" : list?.Address ?? "/console";
        return form.Refused(back, refusal, "filter-name", "filter-name");
    }

    private static async Task<IResult> Forget(PostedForm form)
    {
        var id = form.Id<SavedFilterId>();
        var list = (await ListSavedFilters.Run(form.Database, form.Caller, null, form.Stop)).FirstOrDefault(f => f.Id == id)?.List;
        var back = list is null ? "/console" : FilteredList.Find(list)!.Address;
        var forgotten = await form.Database.InTransaction(tx => ForgetFilter.Run(tx, form.Caller, id), form.Stop);
        return forgotten.Refusal is { } refusal ? form.Refused(back, refusal) : form.Done(back, Said(form, "The saved filter was removed.", "أُزيلت التصفية المحفوظة."));
    }

    private static string Said(PostedForm form, string en, string ar) => form.Get<Reader>().Language == "ar" ? ar : en;
}
