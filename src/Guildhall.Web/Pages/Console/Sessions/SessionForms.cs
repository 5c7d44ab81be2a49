using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Pages.Console.Parts;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Console.Sessions;

/// <summary>The forms of the page of all sessions. Each comes back to the page with its filters.</summary>
internal static class SessionForms
{
    public const string Page = "/console/sessions";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm(Page + "/{id}/end", "EndAnySessionForm", IdentityPermissions.SessionEnd, End);
        app.MapForm(Page + "/of/{id}/end-all", "EndSessionsOfAnotherForm", IdentityPermissions.SessionEnd, EndAllOf);
        app.MapForm(Page + "/end-everyone", "EndEverybodysSessionsForm", IdentityPermissions.SessionEnd, EndEverybody).RequiresStepUp();
        app.MapForm(Page + "/clean-up", "CleanUpSessionsForm", IdentityPermissions.SessionEnd, CleanUp);
    }

    private static async Task<IResult> End(PostedForm form)
    {
        var result = await EndSessionOfAnother.Run(form.Get<IdentityParts>(), form.Caller, form.Id<SessionId>(), form["why"], form.Stop);
        return Answer(form, result.Refusal, "That session has ended on every node.");
    }

    private static async Task<IResult> EndAllOf(PostedForm form)
    {
        var result = await EndAllSessionsOfAnother.Run(form.Get<IdentityParts>(), form.Caller, form.Id<AccountId>(), form["why"], form.Stop);
        return Answer(form, result.Refusal, "They are signed out everywhere.");
    }

    private static async Task<IResult> EndEverybody(PostedForm form)
    {
        var result = await EndEverybodysSessions.Run(form.Get<IdentityParts>(), form.Caller, form["why"], form.Stop);
        return Answer(form, result.Refusal, "Everybody but you is signed out, on every node.");
    }

    private static async Task<IResult> CleanUp(PostedForm form)
    {
        var result = await CleanUpSessions.Run(form.Get<IdentityParts>(), form.Caller, form.Stop);
        return Answer(form, result.Refusal, result.Is(out var done, out _) ? $"{done.Closed} sessions closed that had run out, {done.Sessions} old ones deleted." : "");
    }

    private static IResult Answer(PostedForm form, Refusal? refusal, string said)
    {
        // Only the filters of this page: whatever else was sent leads nowhere.
        var back = Page + (form["back"] is { Length: > 1 and < 1000 } query && query[0] == '?' ? query : "");
        if (refusal is null) return form.Done(back, said);
        return form.Refused(back, refusal with { Sentence = string.Join(' ', RefusalWords.Errors(refusal, "en").Values) });
    }
}
