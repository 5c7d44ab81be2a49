using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Factors;
using Guildhall.Identity.Passkeys;
using Guildhall.Identity.Phones;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>Proving again who one is, before a sensitive act. Looking at the page changes nothing: the challenge is opened by the first answer and kept for the next tries.</summary>
internal static class ProveForms
{
    private const string Page = "/account/prove";

    public static void Map(IEndpointRouteBuilder app)
    {
        Add(app, "/totp", "ProveByTotp", form => Answer(form, "totp", (identity, id, token) => AnswerByTotp.Run(identity, form.Caller, id, new(token, form["code"]), form.Stop)));
        Add(app, "/backup-code", "ProveByBackupCode", form => Answer(form, "backup_code", (identity, id, token) => AnswerByBackupCode.Run(identity, form.Caller, id, new(token, form["code"]), form.Stop)));
        Add(app, "/passkey/begin", "ProveBeginPasskey", BeginPasskey);
        Add(app, "/passkey", "ProveByPasskey", form => Answer(form, null, (identity, id, token) =>
            AnswerByPasskey.Run(identity, form.Caller, id, new(token, form["token"], form.Json("credential") ?? default), form.Stop)));
        Add(app, "/sms/send", "ProveSendText", SendText);
        Add(app, "/sms", "ProveByText", form => Answer(form, "sms_code", (identity, id, token) => AnswerBySms.Run(identity, form.Caller, id, new(token, PhoneForms.Digits(form["code"])), form.Stop)));
        Add(app, "/password", "ProveByPassword", form => Answer(form, "password", (identity, id, token) => StepUp.ByPassword(identity, form.Caller, id, new(token, form.Exactly("currentPassword")), form.Stop)));
    }

    private static void Add(IEndpointRouteBuilder app, string path, string name, Func<Posted, Task<IResult>> handle) =>
        app.MapPosted(Page + path, name, handle).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor());

    /// <summary>The challenge of this session that the browser is at, or a new one.</summary>
    internal static async Task<Result<ChallengeView>> Challenge(Posted form)
    {
        var (identity, cookie) = (form.Get<IdentityParts>(), form.Get<SessionCookie>());
        if (cookie.Challenge(form.Http) is { } step && await ReadChallenge.Run(identity, form.Caller, step.Id, step.Token, form.Stop) is { Methods: var methods, ForStepUp: true })
            return new ChallengeView(step.Id, step.Token, methods, default);
        var opened = await StepUp.Run(identity, form.Caller, form.Stop);
        if (opened.Is(out var offer, out _)) cookie.Write(form.Http, offer);
        return opened;
    }

    private static async Task<IResult> BeginPasskey(Posted form) => (await Challenge(form)).Is(out var challenge, out var refusal)
        ? (await BeginPasskeyAnswer.Run(form.Get<IdentityParts>(), form.Caller, challenge.Id, new(challenge.Token), form.Stop)).ToHttp() : refusal.ToHttp();

    private static async Task<IResult> SendText(Posted form) => (await Challenge(form)).Is(out var challenge, out var refusal)
        ? SecondStepForms.TextSent(form, Page, await SendChallengeSms.Run(form.Get<IdentityParts>(), form.Caller, challenge.Id, new(challenge.Token), form.Stop))
        : form.Sorry(SecondStepWays.Address(Page, "sms_code", form["returnUrl"]), refusal);

    private static async Task<IResult> Answer(Posted form, string? by, Func<IdentityParts, ChallengeId, string, Task<Result<SignedIn>>> run)
    {
        var back = SecondStepWays.Address(Page, by, form["returnUrl"]);
        if (!(await Challenge(form)).Is(out var challenge, out var refusal)) return form.Sorry(back, refusal);
        if (!(await run(form.Get<IdentityParts>(), challenge.Id, challenge.Token)).Is(out var signedIn, out refusal))
        {
            if (by is "password" && refusal.Code == IdentityRefusals.ChallengeFailed.Code) refusal = IdentityRefusals.CurrentPasswordWrong; // nobody was asked for a code
            return by is null ? form.Sorry(back, refusal) : form.Refused(back, refusal);
        }
        form.Get<SessionCookie>().Write(form.Http, signedIn);
        return form.Done(SafeReturn.To(form["returnUrl"]), form.T("Thank you. You can go on now.", "شكرًا لك. يمكنك المتابعة الآن."));
    }
}
