using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Factors;
using Guildhall.Identity.Passkeys;
using Guildhall.Identity.Phones;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>The second step of signing in by form. Which step that is stands in a cookie that no script reads.</summary>
internal static class SecondStepForms
{
    private const string Page = "/sign-in/second";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted(Page + "/totp", "SecondByTotp", ByTotp).ForAnyone().Limited(RateClass.Auth);
        app.MapPosted(Page + "/backup-code", "SecondByBackupCode", ByBackupCode).ForAnyone().Limited(RateClass.Auth);
        app.MapPosted(Page + "/passkey/begin", "SecondBeginPasskey", BeginPasskey).ForAnyone().Limited(RateClass.Auth);
        app.MapPosted(Page + "/passkey", "SecondByPasskey", ByPasskey).ForAnyone().Limited(RateClass.Auth);
        app.MapPosted(Page + "/email/send", "SecondSendMail", SendMail).ForAnyone().Limited(RateClass.Code);
        app.MapPosted(Page + "/email", "SecondByMail", ByMail).ForAnyone().Limited(RateClass.Auth);
        app.MapPosted(Page + "/sms/send", "SecondSendText", SendText).ForAnyone().Limited(RateClass.Code);
        app.MapPosted(Page + "/sms", "SecondByText", ByText).ForAnyone().Limited(RateClass.Auth);
    }

    private static Task<IResult> ByTotp(Posted form) => Answer(form, "totp", (identity, id, token) =>
        AnswerByTotp.Run(identity, form.Caller, id, new(token, form["code"], form["remember"] is "true", Device(form)), form.Stop));

    private static Task<IResult> ByBackupCode(Posted form) => Answer(form, "backup_code", (identity, id, token) =>
        AnswerByBackupCode.Run(identity, form.Caller, id, new(token, form["code"], form["remember"] is "true", Device(form)), form.Stop));

    private static async Task<IResult> BeginPasskey(Posted form) => form.Get<SessionCookie>().Challenge(form.Http) is { } step
        ? (await BeginPasskeyAnswer.Run(form.Get<IdentityParts>(), form.Caller, step.Id, new(step.Token), form.Stop)).ToHttp() : IdentityRefusals.ChallengeFailed.ToHttp();

    private static Task<IResult> ByPasskey(Posted form) => Answer(form, null, (identity, id, token) =>
        AnswerByPasskey.Run(identity, form.Caller, id, new(token, form["token"], form.Json("credential") ?? default, form["remember"] is "true", Device(form)), form.Stop));

    private static Task<IResult> ByMail(Posted form) => Answer(form, "email_code", (identity, id, token) =>
        AnswerByEmailCode.Run(identity, form.Caller, id, new(token, form["code"], Device(form)), form.Stop));

    private static Task<IResult> ByText(Posted form) => Answer(form, "sms_code", (identity, id, token) =>
        AnswerBySms.Run(identity, form.Caller, id, new(token, PhoneForms.Digits(form["code"]), form["remember"] is "true", Device(form)), form.Stop));

    private static async Task<IResult> SendText(Posted form)
    {
        if (form.Get<SessionCookie>().Challenge(form.Http) is not { } step) return form.Sorry(SignInForms.Address(form["returnUrl"]), IdentityRefusals.ChallengeFailed);
        return TextSent(form, Page, await SendChallengeSms.Run(form.Get<IdentityParts>(), form.Caller, step.Id, new(step.Token), form.Stop));
    }

    /// <summary>Back to the page with the way by text open.</summary>
    internal static IResult TextSent(Posted form, string page, Result<SendChallengeSms.Answer> result)
    {
        var back = SecondStepWays.Address(page, "sms_code", form["returnUrl"]);
        return result.Is(out var sent, out var refusal) ? form.Done(back, form.T($"A code is on its way to {sent.To}.", $"رمز في الطريق إلى {sent.To}.")) : form.Sorry(back, refusal);
    }

    private static async Task<IResult> SendMail(Posted form)
    {
        if (form.Get<SessionCookie>().Challenge(form.Http) is not { } step) return form.Sorry(SignInForms.Address(form["returnUrl"]), IdentityRefusals.ChallengeFailed);
        var sent = await SendEmailCode.Run(form.Get<IdentityParts>(), form.Caller, step.Id, new(step.Token), form.Stop);
        return sent.Is(out _, out var refusal) ? form.Done(Back(form, "email_code"), form.T("A code is on its way to your e-mail.", "رمز في الطريق إلى بريدك.")) : form.Sorry(Back(form, "email_code"), refusal);
    }

    private static async Task<IResult> Answer(Posted form, string? by, Func<IdentityParts, ChallengeId, string, Task<Result<SignedIn>>> run)
    {
        var cookie = form.Get<SessionCookie>();
        if (cookie.Challenge(form.Http) is not { } step) return form.Sorry(SignInForms.Address(form["returnUrl"]), IdentityRefusals.ChallengeFailed);
        if (!(await run(form.Get<IdentityParts>(), step.Id, step.Token)).Is(out var signedIn, out var refusal)) return by is null ? form.Sorry(Back(form, by), refusal) : form.Refused(Back(form, by), refusal);
        cookie.Write(form.Http, signedIn);
        return form.Done(SafeReturn.To(form["returnUrl"]));
    }

    private static string? Device(Posted form) => form.Get<SessionCookie>().Device(form.Http);

    private static string Back(Posted form, string? by) => SecondStepWays.Address(Page, by, form["returnUrl"]);
}
