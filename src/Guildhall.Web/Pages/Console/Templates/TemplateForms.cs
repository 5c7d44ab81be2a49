using System.Globalization;
using Guildhall.Messaging;
using Guildhall.Messaging.Templates.Editing;
using Guildhall.Web.Components;
using Guildhall.Web.Pages.Console.Parts;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Console.Templates;

/// <summary>Saves words as a new version, and brings a version into force.</summary>
internal static class TemplateForms
{
    public static readonly string[] Fields = ["en-subject", "en-text", "en-button", "ar-subject", "ar-text", "ar-button", "why"];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/templates/{name}/save", "SaveTemplateForm", MessagingPermissions.TemplateEdit, Save);
        app.MapForm("/console/templates/{name}/publish", "PublishTemplateForm", MessagingPermissions.TemplateEdit, Publish);
    }

    private static async Task<IResult> Save(PostedForm form)
    {
        var (name, arabic) = (form.Route("name"), Reader.Of(form.Http).Language == "ar");
        var body = new SaveTemplate.Body(Words(form, "en"), Words(form, "ar"), form["why"]);
        var result = await form.Database.InTransaction(tx => SaveTemplate.Run(tx, form.Caller, name, body), form.Stop);
        if (!result.Is(out var saved, out var refusal)) return form.Refused($"/console/templates/{name}", refusal, "", Fields);
        var page = $"/console/templates/{name}?version={saved.Version.ToString(CultureInfo.InvariantCulture)}";
        return saved.Objections.Count == 0
            ? form.Done(page, arabic ? "حُفظت. انظر إليها ثم انشرها." : "Saved. Look at it, then publish it.")
            : form.Warned(page, arabic ? "حُفظت ولا يمكن نشرها بعد: انظر إلى الاعتراضات." : "Saved, and it cannot be published yet: see what is wrong.");
    }

    private static async Task<IResult> Publish(PostedForm form)
    {
        var (name, language, version) = (form.Route("name"), Reader.Of(form.Http).Language, form.Number("version"));
        var result = await form.Database.InTransaction(tx => PublishTemplate.Run(tx, form.Caller, name, version, new PublishTemplate.Body(form.Number("seen"))), form.Stop);
        return result.Refusal is { } refusal ? form.Warned($"/console/templates/{name}?version={version.ToString(CultureInfo.InvariantCulture)}", RefusalWords.Say(refusal, language))
            : form.Done($"/console/templates/{name}", language == "ar" ? "نُشرت. تُرسل الرسائل بها من الآن." : "Published. Messages are sent with it from now on.");
    }

    private static LanguageWords Words(PostedForm form, string language) => new(form[language + "-subject"], form[language + "-text"], form[language + "-button"]);
}
