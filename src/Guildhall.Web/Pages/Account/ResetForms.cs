using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Passwords;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>The forms of somebody who forgot a password.</summary>
internal static class ResetForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/forgot-password", "ForgotPasswordForm", Ask).ForAnyone().Limited(RateClass.Auth);
        app.MapPosted("/reset-password", "ResetPasswordForm", Reset).ForAnyone().Limited(RateClass.Auth);
    }

    private static async Task<IResult> Ask(Posted form)
    {
        var result = await RequestPasswordReset.Run(form.Get<IdentityParts>(), form.Caller, new RequestPasswordReset.Body(form["email"]), form.Stop);
        return result.Is(out _, out var refusal)
            ? form.Done("/forgot-password", form.T("If we know that address, a link is on its way to it. It works once, for one hour.", "إن كنا نعرف هذا العنوان فالرابط في طريقه إليه. يعمل مرة واحدة لمدة ساعة."))
            : form.Refused("/forgot-password", refusal, "email");
    }

    private static async Task<IResult> Reset(Posted form)
    {
        var pasted = form["link"];
        var token = pasted.Length > 0 ? pasted[(pasted.LastIndexOf('#') + 1)..] : form["token"];
        var password = pasted.Length > 0 ? form.Exactly("pasted-password") : form.Exactly("password");
        var result = await CompletePasswordReset.Run(form.Get<IdentityParts>(), form.Caller, new CompletePasswordReset.Body(token, password), form.Stop);
        if (result.Is(out _, out var refusal)) return form.Done("/sign-in", form.T("Your new password is saved. Sign in with it.", "حُفظت كلمة مرورك الجديدة. سجّل الدخول بها."));
        // The secret goes back where it was, behind #: into no cookie, log or Referer. What is no secret of ours leads nowhere.
        var isUsable = refusal.Code != IdentityRefusals.PasswordResetFailed.Code && pasted.Length == 0;
        return form.Refused("/reset-password" + (isUsable ? "#" + Uri.EscapeDataString(token) : ""), refusal);
    }
}
