using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Passkeys;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>What pages do with passkeys. Each act is two posts of one form: its script first fetches what the browser has to sign, then sends the form with
/// the signature.</summary>
internal static class PasskeyForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/account/passkeys/begin", "BeginPasskeyForm", BeginToAdd).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor());
        app.MapPosted("/account/passkeys", "AddPasskeyForm", Add).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor());
        app.MapPosted("/account/passkeys/{id}", "RenamePasskeyForm", Rename).RequiresSignIn().ChecksSessionRow();
        app.MapPosted("/account/passkeys/{id}/remove", "RemovePasskeyForm", Remove).RequiresSignIn().RequiresStepUp();
        app.MapPosted("/sign-in/passkey/begin", "BeginPasskeySignInForm", BeginToSignIn).ForAnyone().Limited(RateClass.Auth);
        app.MapPosted("/sign-in/passkey", "SignInByPasskeyForm", SignIn).ForAnyone().Limited(RateClass.Auth);
    }

    private static async Task<IResult> BeginToAdd(Posted form) => (await BeginPasskey.Run(form.Get<IdentityParts>(), form.Caller, form.Stop)).ToHttp();

    private static async Task<IResult> Add(Posted form)
    {
        var body = new AddPasskey.Body(form["token"], form.Json("credential") ?? default, form["name"]);
        var result = await AddPasskey.Run(form.Get<IdentityParts>(), form.Caller, body, form.Stop);
        return result.Is(out var added, out var refusal)
            ? form.Done(PageOf(form), form.T($"{added.Name} was added. You can sign in with it from now on. If you may be signed in where you should not be, sign out everywhere else.",
                $"أُضيف {added.Name} ويمكنك تسجيل الدخول به من الآن. إن كنت قد سجّلت الدخول حيث لا ينبغي فسجّل الخروج من كل مكان آخر."))
            : Refused(form, refusal);
    }

    private static async Task<IResult> Rename(Posted form) =>
        (await RenamePasskey.Run(form.Get<IdentityParts>(), form.Caller, form.Id<PasskeyId>(), new RenamePasskey.Body(form["name"]), form.Stop)).Refusal is { } refusal
            ? Refused(form, refusal) : form.Done(PageOf(form), form.T("Saved.", "حُفظ."));

    private static async Task<IResult> Remove(Posted form) =>
        (await RemovePasskey.Run(form.Get<IdentityParts>(), form.Caller, form.Id<PasskeyId>(), form.Stop)).Refusal is { } refusal
            ? Refused(form, refusal)
            : form.Done(PageOf(form), form.T("The passkey is removed. If somebody else has its device, sign out everywhere else too.", "أُزيل مفتاح المرور. إن كان جهازه لدى شخص آخر فسجّل الخروج من كل مكان آخر أيضًا."));

    private static async Task<IResult> BeginToSignIn(Posted form) => ((Result<PasskeyAsk>)await BeginPasskeySignIn.Run(form.Get<IdentityParts>(), form.Stop)).ToHttp();

    private static async Task<IResult> SignIn(Posted form)
    {
        var body = new SignInByPasskey.Body(form["token"], form.Json("credential") ?? default, form.Get<SessionCookie>().Device(form.Http));
        var result = await SignInByPasskey.Run(form.Get<IdentityParts>(), form.Caller, body, SessionKind.Cookie, form.Stop);
        if (!result.Is(out var signedIn, out var refusal)) return form.Sorry(SignInForms.Address(form["returnUrl"]), refusal);
        form.Get<SessionCookie>().Write(form.Http, signedIn);
        return form.Done(SafeReturn.To(form["returnUrl"]));
    }

    // The page that the form says it stands on.
    private static string PageOf(Posted form) => SafeReturn.To(form["page"]) is var page && page == "/" ? "/account/security" : page;

    private static IResult Refused(Posted form, Refusal refusal)
    {
        if (refusal.Status == 404) return refusal.ToHttp();
        Components.Feedback.Flash.Say(form.Http, RefusalWords.Errors(refusal, form.Reader.Language).Values.First(), Tone.Bad);
        return new SeeOther(PageOf(form));
    }
}
