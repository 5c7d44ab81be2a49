using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>The forms by which a signed-in person changes their password or address.</summary>
internal static class CredentialForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/account/password", "PasswordForm", Password).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor());
        app.MapPosted("/account/email", "EmailForm", Email).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth);
        app.MapPosted("/confirm-email", "ConfirmEmailByCode", ByCode).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Auth);
        app.MapPosted("/confirm-email/link", "ConfirmEmailByLink", ByLink).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Auth);
    }

    private static async Task<IResult> Password(Posted form)
    {
        var body = new ChangePassword.Body(form.Exactly("currentPassword"), form.Exactly("newPassword"));
        var result = await ChangePassword.Run(form.Get<IdentityParts>(), form.Caller, body, form.Stop);
        if (!result.Is(out var signedIn, out var refusal)) return form.Refused("/account", refusal);
        form.Get<SessionCookie>().Write(form.Http, signedIn);
        return form.Done("/account", form.T("Your password is changed. You are signed out everywhere else.", "تغيّرت كلمة مرورك وسُجّل خروجك من كل مكان آخر."));
    }

    private static async Task<IResult> Email(Posted form)
    {
        var result = await ChangeEmail.Run(form.Get<IdentityParts>(), form.Caller, new ChangeEmail.Body(form["email"]), form.Stop);
        if (!result.Is(out _, out var refusal)) return form.Refused("/account", refusal, "email");
        return form.Done("/confirm-email", form.T("A code and a link are on their way to the new address.", "رمز ورابط في الطريق إلى العنوان الجديد."));
    }

    private static Task<IResult> ByCode(Posted form) => Confirm(form, new ConfirmEmailChange.Body(Code: new string([.. form["code"].Where(char.IsAsciiDigit)])));

    private static Task<IResult> ByLink(Posted form) => Confirm(form, new ConfirmEmailChange.Body(Token: form["token"]));

    private static async Task<IResult> Confirm(Posted form, ConfirmEmailChange.Body body)
    {
        var result = await ConfirmEmailChange.Run(form.Get<IdentityParts>(), form.Caller, body, form.Stop);
        if (result.Is(out _, out var refusal)) return form.Done("/account", form.T("The new address is yours. Sign in with it from now on.", "العنوان الجديد لك. سجّل الدخول به من الآن."));
        return body.Token is not null ? form.Sorry("/confirm-email", refusal) : form.Refused("/confirm-email", refusal);
    }
}
