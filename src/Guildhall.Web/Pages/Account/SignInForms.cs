using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>Signing in and out by form.</summary>
internal static class SignInForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/sign-in", "SignInForm", In).ForAnyone().Limited(RateClass.Auth);
        app.MapPosted("/sign-out", "SignOutForm", Out).ForAnyone();
    }

    /// <summary>The sign-in page that leads on to an address of ours.</summary>
    public static string Address(string? returnUrl) => "/sign-in" + Query(returnUrl);

    internal static string Query(string? returnUrl) => SafeReturn.To(returnUrl) is var safe && safe == "/" ? "" : "?returnUrl=" + Uri.EscapeDataString(safe);

    private static async Task<IResult> In(Posted form)
    {
        var body = new SignIn.Body(form["email"], form.Exactly("password"), form.Get<SessionCookie>().Device(form.Http));
        var result = await SignIn.Run(form.Get<IdentityParts>(), form.Caller, body, SessionKind.Cookie, form.Stop);
        if (!result.Is(out var signedIn, out var refusal))
        {
            if (ChallengeView.In(refusal) is { } offer) return Second(form, offer, form["returnUrl"]);
            if (refusal.Code == IdentityRefusals.EmailNotVerified.Code) Joining.Keep(form.Http, new Joining(body.Email, form["returnUrl"]));
            return form.Refused(Address(form["returnUrl"]), refusal, "email");
        }
        form.Get<SessionCookie>().Write(form.Http, signedIn);
        return form.Done(SafeReturn.To(form["returnUrl"]));
    }

    /// <summary>On to the second step, which this browser keeps in a cookie.</summary>
    internal static IResult Second(Posted form, ChallengeView offer, string? returnUrl)
    {
        form.Get<SessionCookie>().Write(form.Http, offer);
        return form.Done("/sign-in/second" + Query(returnUrl));
    }

    private static async Task<IResult> Out(Posted form)
    {
        await SignOut.Run(form.Get<IdentityParts>(), form.Caller, form.Stop);
        SignOut.ForgetPages(form.Http, form.Get<SessionCookie>());
        return form.Done("/", form.T("You are signed out.", "سجّلت الخروج."));
    }
}
