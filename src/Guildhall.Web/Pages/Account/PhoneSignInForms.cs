using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Phones;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>Signing in by phone: the number, then its code.</summary>
internal static class PhoneSignInForms
{
    private const string CodePage = "/sign-in/phone/code";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/sign-in/phone", "StartPhoneSignInForm", Start).ForAnyone().Limited(RateClass.Auth);
        app.MapPosted(CodePage, "FinishPhoneSignInForm", Finish).ForAnyone().Limited(RateClass.Code);
    }

    private static async Task<IResult> Start(Posted form)
    {
        var back = "/sign-in/phone" + SignInForms.Query(form["returnUrl"]);
        var result = await StartPhoneSignIn.Run(form.Get<IdentityParts>(), form.Caller, new StartPhoneSignIn.Body(form["phone"]), form.Stop);
        if (!result.Is(out var attempt, out var refusal)) return form.Refused(back, refusal, "phone");
        PhoneAttempt.Keep(form.Http, new PhoneAttempt(attempt.AttemptId.ToString(), attempt.Token, form["phone"], form["returnUrl"]));
        return form.Done(CodePage);
    }

    private static async Task<IResult> Finish(Posted form)
    {
        if (PhoneAttempt.Read(form.Http) is not { } attempt) return form.Done("/sign-in/phone");
        var body = new FinishPhoneSignIn.Body(attempt.AttemptId, attempt.Token, PhoneForms.Digits(form["code"]), form.Get<SessionCookie>().Device(form.Http));
        var result = await FinishPhoneSignIn.Run(form.Get<IdentityParts>(), form.Caller, body, SessionKind.Cookie, form.Stop);
        if (!result.Is(out var signedIn, out var refusal))
        {
            if (ChallengeView.In(refusal) is not { } offer) return form.Refused(CodePage, refusal);
            PhoneAttempt.Forget(form.Http);
            return SignInForms.Second(form, offer, attempt.ReturnUrl);
        }
        PhoneAttempt.Forget(form.Http);
        form.Get<SessionCookie>().Write(form.Http, signedIn);
        return form.Done(SafeReturn.To(attempt.ReturnUrl));
    }
}
