using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Components;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>The forms of the account page.</summary>
internal static class AccountForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/account", "ProfileForm", Save).RequiresSignIn();
        app.MapPosted("/account/sessions/end-others", "EndMyOtherSessionsForm", EndOthers).RequiresSignIn().RequiresStepUp();
        app.MapPosted("/account/sessions/end-all", "EndAllMySessionsForm", EndAll).RequiresSignIn().ChecksSessionRow();
        app.MapPosted("/account/sessions/extend", "ExtendSessionForm", Extend).RequiresSignIn().RequiresStepUp();
        app.MapPosted("/account/sessions/{id}/end", "EndOwnSessionForm", End).RequiresSignIn().ChecksSessionRow();
    }

    private static async Task<IResult> Save(Posted form)
    {
        var body = new ChangeMe.Body(form["displayName"], form["language"], form["zone"]);
        var result = await ChangeMe.Run(form.Get<IdentityParts>(), form.Caller, body, form.Stop);
        if (!result.Is(out var me, out var refusal)) return form.Refused("/account", refusal, "displayName", "language", "zone");
        Reader.Remember(form.Http, Reader.LanguageName, me.Language);
        if (form["theme"] is "auto" or "light" or "dark") Reader.Remember(form.Http, Reader.ThemeName, form["theme"]);
        return form.Done("/account", me.Language == "ar" ? "حُفظ." : "Saved.");
    }

    private static async Task<IResult> End(Posted form)
    {
        var id = form.Id<SessionId>();
        var result = await EndSession.Run(form.Get<IdentityParts>(), form.Caller, id, form.Stop);
        if (!result.Is(out _, out var refusal)) return form.Sorry("/account", refusal);
        if (form.Caller.SessionId != id.Value) return form.Done("/account", form.T("That device is signed out.", "سُجّل خروج ذلك الجهاز."));
        SignOut.ForgetPages(form.Http, form.Get<SessionCookie>());
        return form.Done("/", form.T("You are signed out.", "سجّلت الخروج."));
    }

    private static async Task<IResult> EndAll(Posted form)
    {
        var result = await EndAllSessions.Run(form.Get<IdentityParts>(), form.Caller, form.Stop);
        if (!result.Is(out _, out var refusal)) return form.Sorry("/account", refusal);
        SignOut.ForgetPages(form.Http, form.Get<SessionCookie>());
        return form.Done("/", form.T("You are signed out everywhere.", "سجّلت الخروج من كل مكان."));
    }

    private static async Task<IResult> Extend(Posted form)
    {
        var result = await ExtendSession.Run(form.Get<IdentityParts>(), form.Caller, null, form.Stop);
        return result.Is(out _, out var refusal)
            ? form.Done("/account#sessions", form.T("This session goes on for another day.", "تستمر هذه الجلسة يومًا آخر."))
            : form.Sorry("/account#sessions", refusal);
    }

    private static async Task<IResult> EndOthers(Posted form)
    {
        var result = await EndOtherSessions.Run(form.Get<IdentityParts>(), form.Caller, form.Stop);
        return result.Is(out _, out var refusal)
            ? form.Done("/account", form.T("You are signed out everywhere else.", "سجّلت الخروج من كل مكان آخر."))
            : form.Sorry("/account", refusal);
    }
}
