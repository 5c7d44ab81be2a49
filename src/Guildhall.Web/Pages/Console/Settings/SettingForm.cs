using Guildhall.Foundation;
using Guildhall.Foundation.Settings;
using Guildhall.Operations;
using Guildhall.Operations.SettingsAdmin;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Settings;

/// <summary>The form of a setting's page.</summary>
internal static class SettingForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapForm("/console/settings/{key}/change", nameof(SettingForm), OperationsPermissions.SettingsChange, Send);

    private static async Task<IResult> Send(PostedForm form)
    {
        var (key, book) = (form.Route("key"), form.Get<SettingBook>());
        if (book.Find(key) is not { } setting) return form.Refused("/console/settings", FoundationRefusals.SettingUnknown);
        var page = $"/console/settings/{key}";
        if (SettingWords.Read(form["value"], setting.DefaultJson, setting.Unit) is not { } value)
            return form.Refused(page, FoundationRefusals.SettingInvalid.Saying("This cannot be read as a value of this setting. Look at how it was written before."), "value", "value", "why");

        var body = new ChangeSetting.Body(value, form.Number("seenVersion"), form["why"]);
        var changed = await form.Database.InTransaction(tx => ChangeSetting.Run(tx, form.Caller, book, key, body), form.Stop);
        if (changed.Is(out var stored, out var refusal)) return form.Done(page, $"{SettingWords.Title(key)} is {SettingWords.Value(stored.Value, setting.Unit)} from now on.");
        var field = refusal.Code == OperationsRefusals.WhyMissing.Code ? "why" : refusal.Code == FoundationRefusals.SettingInvalid.Code ? "value" : "";
        return form.Refused(page, refusal, field, "value", "why");
    }
}
