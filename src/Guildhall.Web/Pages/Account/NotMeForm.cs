using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>"This wasn't me", pressed on the page that the message about a new device leads to.</summary>
internal static class NotMeForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPosted("/not-me", nameof(NotMeForm), Send).ForAnyone().Limited(RateClass.Auth);

    private static async Task<IResult> Send(Posted form)
    {
        // The whole link, where no script took its end apart.
        var token = form["token"] is var text && text.LastIndexOf('#') is >= 0 and var mark ? text[(mark + 1)..] : form["token"];
        if (!(await NotMe.Run(form.Get<IdentityParts>(), form.Caller, new(token), form.Stop)).Is(out _, out var refusal)) return form.Refused("/not-me", refusal);
        form.Get<SessionCookie>().Clear(form.Http);
        return form.Done("/sign-in", form.T("Everybody is signed out. We have written to you how to choose a new password.", "سُجّل خروج الجميع. كتبنا إليك كيف تختار كلمة مرور جديدة."));
    }
}
