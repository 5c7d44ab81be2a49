using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>The forms of the confirmation page.</summary>
internal static class VerifyForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/verify", "VerifyByCode", ByCode).ForAnyone().Limited(RateClass.Auth);
        app.MapPosted("/verify/link", "VerifyByLink", ByLink).ForAnyone().Limited(RateClass.Auth);
        app.MapPosted("/verify/resend", "ResendCode", Resend).ForAnyone().Limited(RateClass.Auth);
    }

    private static Task<IResult> ByCode(Posted form)
    {
        var digits = new string([.. form["code"].Where(char.IsAsciiDigit)]);
        return Confirm(form, new VerifyEmail.Body(Email: form["email"], Code: digits));
    }

    private static Task<IResult> ByLink(Posted form) => Confirm(form, new VerifyEmail.Body(Token: form["token"]));

    private static async Task<IResult> Confirm(Posted form, VerifyEmail.Body body)
    {
        var result = await VerifyEmail.Run(form.Get<IdentityParts>(), form.Caller, body, form.Stop);
        if (!result.Is(out _, out var refusal))
        {
            if (body.Token is not null) return form.Sorry("/verify", refusal);
            return form.Refused("/verify", refusal, "email");
        }
        return form.Done(SignInForms.Address(SafeReturn.To(Joining.Read(form.Http)?.ReturnUrl)), form.T("Your e-mail is confirmed. Sign in and you are there.", "تأكد بريدك. سجّل الدخول لتبدأ."));
    }

    private static async Task<IResult> Resend(Posted form)
    {
        if (form["email"].Length == 0) return form.Sorry("/verify", IdentityRefusals.VerificationFailed.Saying(form.T("Write the e-mail address you signed up with, then press again.", "اكتب البريد الذي سجّلت به ثم اضغط مرة أخرى.")));
        var result = await ResendVerification.Run(form.Get<IdentityParts>(), form.Caller, new ResendVerification.Body(form["email"]), form.Stop);
        if (!result.Is(out _, out var refusal)) return form.Sorry("/verify", refusal);
        Joining.Keep(form.Http, new Joining(form["email"], Joining.Read(form.Http)?.ReturnUrl));
        return form.Done("/verify", form.T("A new code is on its way.", "رمز جديد في الطريق."));
    }
}
