using System.Globalization;
using Guildhall.Content;
using Guildhall.Content.Documents;
using Guildhall.Content.Previews;
using Guildhall.Content.Schedules;
using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Web.Components;
using Guildhall.Web.Pages.Console.Parts;
using Guildhall.Web.Pages.Parts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guildhall.Web.Pages.Console.Texts;

/// <summary>What staff do with the texts of the site.</summary>
internal static class TextForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/content/new", "CreateTextForm", ContentPermissions.Edit, Create);
        app.MapForm("/console/content/{id}/save", "SaveTextForm", ContentPermissions.Edit, Save);
        app.MapForm("/console/content/{id}/restore", "RestoreTextForm", ContentPermissions.Edit, Restore);
        app.MapForm("/console/content/{id}/publish", "PublishTextForm", ContentPermissions.Publish, Publish);
        app.MapForm("/console/content/{id}/unpublish", "UnpublishTextForm", ContentPermissions.Publish, Unpublish);
        app.MapForm("/console/content/{id}/schedule", "ScheduleTextForm", ContentPermissions.Publish, Schedule);
        app.MapForm("/console/content/{id}/cancel-schedule", "CancelTextScheduleForm", ContentPermissions.Publish, CancelOne);
        app.MapForm("/console/content/{id}/preview", "PreviewTextForm", ContentPermissions.Edit, Preview);
        app.MapForm("/console/content/{id}/withdraw-previews", "WithdrawPreviewsForm", ContentPermissions.Edit, Withdraw);
    }

    private static async Task<IResult> Create(PostedForm form)
    {
        if (ContentKinds.Kind(form["kind"]) is not { } kind) return form.Warned("/console/content/new", RefusalWords.Say(ContentRefusals.KindUnknown, Language(form)));
        var (texts, subject) = (Texts(form), kind.HasSubject() ? form["subject"] : null);
        var result = await form.Database.InTransaction(tx => CreateDocument.Run(tx, form.Caller, new CreateDocument.Body(kind, texts, subject, form["note"])), form.Stop);
        if (result.Is(out var saved, out var refusal)) return form.Done($"/console/content/{saved.Id}", Say(form, "Saved as a draft.", "حُفظ كمسودة."));
        return await ShownAgain(form, refusal, "/console/content/new", kind, texts, seen: 0, subject, null, null);
    }

    private static async Task<IResult> Save(PostedForm form)
    {
        var (id, texts, seen) = (form.Id<DocumentId>(), Texts(form), form.Number("seen"));
        var page = $"/console/content/{id}";
        var result = await form.Database.InTransaction(tx => SaveDocument.Run(tx, form.Caller, id, new SaveDocument.Body(seen, texts, form["note"])), form.Stop);
        if (result.Is(out var saved, out var refusal))
            return form.Done(page, saved.Objections.Count == 0 ? Say(form, $"Saved as version {saved.Version}.", $"حُفظ كإصدار {saved.Version}.") : Say(form, "Saved; it cannot be published yet.", "حُفظ ولا يمكن نشره بعد."));
        if (!(await ReadDocument.Run(form.Database, id, null, form.Stop)).Is(out var newest, out _)) return refusal.ToHttp();
        var isConflict = refusal.Code == ContentRefusals.ChangedMeanwhile.Code;
        return await ShownAgain(form, refusal, page + "/save", newest.Kind, texts, isConflict ? newest.Revision : seen, null, page, isConflict ? LineDiff.Between(newest.Texts, texts) : null);
    }

    // Everything that was typed comes back with the answer itself: no cookie could carry it.
    private static async Task<IResult> ShownAgain(PostedForm form, Refusal refusal, string action, ContentKind kind, DocumentTexts texts, int seen, string? subject, string? back, IReadOnlyList<FieldDiff>? differences)
    {
        await SignedInReader.Set(form.Http);
        return new RazorComponentResult<TextRefusedDocument>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(TextRefusedDocument.Action)] = action, [nameof(TextRefusedDocument.Kind)] = kind, [nameof(TextRefusedDocument.Texts)] = texts, [nameof(TextRefusedDocument.Seen)] = seen,
            [nameof(TextRefusedDocument.Says)] = RefusalWords.Say(refusal, Language(form)), [nameof(TextRefusedDocument.Subject)] = subject, [nameof(TextRefusedDocument.Note)] = form["note"],
            [nameof(TextRefusedDocument.Back)] = back, [nameof(TextRefusedDocument.Differences)] = differences,
        }) { StatusCode = refusal.Status };
    }

    private static async Task<IResult> Restore(PostedForm form)
    {
        var id = form.Id<DocumentId>();
        var result = await form.Database.InTransaction(tx => RestoreVersion.Run(tx, form.Caller, id, form.Number("version"), form.Number("seen")), form.Stop);
        return After(form, result, $"/console/content/{id}", "Restored as the newest version. What is public stays as it is.", "استُعيد كأحدث إصدار. المنشور يبقى كما هو.");
    }

    private static async Task<IResult> Publish(PostedForm form)
    {
        var (id, version) = (form.Id<DocumentId>(), form.Number("version"));
        var result = await form.Database.InTransaction(tx => PublishDocument.Run(tx, form.Caller, id, version, new PublishDocument.Body(form.Number("seen"))), form.Stop);
        return After(form, result, $"/console/content/{id}", $"Version {version.ToString(CultureInfo.InvariantCulture)} is public.", "نُشر.");
    }

    private static async Task<IResult> Unpublish(PostedForm form)
    {
        var id = form.Id<DocumentId>();
        var result = await form.Database.InTransaction(tx => UnpublishDocument.Run(tx, form.Caller, id, new UnpublishDocument.Body(form.Number("seen"))), form.Stop);
        return After(form, result, $"/console/content/{id}", "Withdrawn. The public sees it no more.", "سُحب ولم يعد الجمهور يراه.");
    }

    private static async Task<IResult> Schedule(PostedForm form)
    {
        var id = form.Id<DocumentId>();
        var act = form["act"] is "unpublish" ? ScheduledAct.Unpublish : ScheduledAct.Publish;
        // Browsers add seconds to a time that has any.
        var at = form["at"] is { Length: > 16 } longer ? longer[..16] : form["at"];
        var body = new ScheduleDocument.Body(at, form["zone"], act is ScheduledAct.Publish ? form.Number("version") : null);
        var result = await form.Database.InTransaction(tx => ScheduleDocument.Run(tx, form.Caller, id, act, body), form.Stop);
        return After(form, result, $"/console/content/{id}", "Scheduled. What is written from now on does not slip into it.", "جُدول. ما يُكتب بعد الآن لا يدخل فيه.");
    }

    private static async Task<IResult> CancelOne(PostedForm form)
    {
        var id = form.Id<DocumentId>();
        var result = await form.Database.InTransaction(tx => CancelSchedule.Run(tx, form.Caller, id, form["act"] is "unpublish" ? ScheduledAct.Unpublish : ScheduledAct.Publish), form.Stop);
        return After(form, result, $"/console/content/{id}", "Cancelled.", "أُلغي.");
    }

    private static async Task<IResult> Preview(PostedForm form)
    {
        var id = form.Id<DocumentId>();
        var result = await form.Database.InTransaction(tx => MakePreview.Run(tx, form.Caller, id, new MakePreview.Body(form.Number("version"), form.Number("hours"))), form.Stop);
        if (!result.Is(out var made, out var refusal)) return form.Warned($"/console/content/{id}", RefusalWords.Say(refusal, Language(form)));
        await SignedInReader.Set(form.Http);
        return new RazorComponentResult<PreviewLinkDocument>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(PreviewLinkDocument.Address)] = new Uri(form.Get<ContentOptions>().Product, made.Address).AbsoluteUri, [nameof(PreviewLinkDocument.Path)] = made.Address,
            [nameof(PreviewLinkDocument.Back)] = $"/console/content/{id}", [nameof(PreviewLinkDocument.Until)] = made.Until,
        });
    }

    private static async Task<IResult> Withdraw(PostedForm form)
    {
        var id = form.Id<DocumentId>();
        return After(form, await form.Database.InTransaction(tx => WithdrawPreviews.Run(tx, form.Caller, id), form.Stop), $"/console/content/{id}", "All previews of this text have ended.", "انتهت كل معاينات هذا النص.");
    }

    private static IResult After<T>(PostedForm form, Result<T> result, string page, string english, string arabic) =>
        result.Refusal is { } refusal ? form.Warned(page, RefusalWords.Say(refusal, Language(form))) : form.Done(page, Say(form, english, arabic));

    private static string Say(PostedForm form, string english, string arabic) => Language(form) == "ar" ? arabic : english;

    private static string Language(PostedForm form) => Reader.Of(form.Http).Language;

    private static DocumentTexts Texts(PostedForm form) => new(Text(form, "en"), Text(form, "ar"));

    private static LocaleText Text(PostedForm form, string language) => new(form[language + "-title"], form.Long(language + "-body", TextRules.MostBody), form[language + "-slug"], form[language + "-summary"]);
}
