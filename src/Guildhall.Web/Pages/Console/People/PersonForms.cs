using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity;
using Guildhall.Identity.Impersonation;
using Guildhall.Identity.Privacy;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.People;

/// <summary>Looking as a person, and the end of their account.</summary>
internal static class PersonForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/people/{id}/impersonate", "ImpersonateForm", IdentityPermissions.AccountImpersonate, Look).RequiresStepUp();
        app.MapForm("/console/people/{id}/erase", "EraseOnRequestForm", IdentityPermissions.AccountErase, Erase).RequiresStepUp();
        app.MapForm("/console/people/{id}/keep", "KeepPersonForm", IdentityPermissions.AccountErase, Keep);
    }

    private static async Task<IResult> Look(PostedForm form)
    {
        var looking = await ImpersonateAccount.Run(form.Get<IdentityParts>(), form.Caller, form.Id<AccountId>(), form["why"], SessionKind.Cookie, form.Stop);
        if (!looking.Is(out var session, out var refusal)) return Refused(form, refusal);
        form.Get<SessionCookie>().LookAs(form.Http, session);
        return form.Done("/", "You see what they see. Stop at the top of any page.");
    }

    private static async Task<IResult> Erase(PostedForm form)
    {
        var asked = await EraseOnRequest.Run(form.Get<IdentityParts>(), form.Get<IEnumerable<PersonalData>>(), form.Caller, form.Id<AccountId>(), form["why"], form.Stop);
        return asked.Is(out _, out var refusal) ? form.Done(PageOf(form), "Noted; they were told and have fourteen days to take it back.") : Refused(form, refusal);
    }

    private static async Task<IResult> Keep(PostedForm form)
    {
        var kept = await TakeBackErasure.ByStaff(form.Database, form.Caller, form.Id<AccountId>(), form["why"], form.Stop);
        return kept.Is(out _, out var refusal) ? form.Done(PageOf(form), "The account stays.") : Refused(form, refusal);
    }

    private static string PageOf(PostedForm form) => $"/console/people/{form.Id<AccountId>()}";

    private static IResult Refused(PostedForm form, Refusal refusal)
    {
        var reasons = refusal.Details?.GetValueOrDefault("reasons") is IReadOnlyList<string> list ? refusal.Saying(string.Join(' ', list)) : refusal;
        return form.Refused(PageOf(form), reasons, refusal.Code == FoundationRefusals.InvalidInput.Code ? "why" : "", "why");
    }
}
