using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Factors;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Pages.Parts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guildhall.Web.Pages.Account;

/// <summary>The forms of the security page: authenticator app, backup codes, devices.</summary>
internal static class SecurityForms
{
    private const string Page = "/account/security";

    public static void Map(IEndpointRouteBuilder app)
    {
        Sensitive(app, "/totp/start", "StartTotpForm", Start);
        Sensitive(app, "/totp/confirm", "ConfirmTotpForm", Confirm);
        Sensitive(app, "/totp/remove", "RemoveTotpForm", Remove);
        Sensitive(app, "/backup-codes", "BackupCodesForm", Reissue);
        app.MapPosted(Page + "/devices/{id}/forget", "ForgetDeviceForm", Forget).RequiresSignIn().ChecksSessionRow();
    }

    private static void Sensitive(IEndpointRouteBuilder app, string path, string name, Func<Posted, Task<IResult>> handle) =>
        app.MapPosted(Page + path, name, handle).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor());

    private static async Task<IResult> Start(Posted form) =>
        (await StartTotp.Run(form.Get<IdentityParts>(), form.Caller, form.Stop)).Is(out _, out var refusal) ? form.Done(Page + "/totp") : form.Sorry(Page, refusal);

    private static async Task<IResult> Confirm(Posted form)
    {
        var result = await ConfirmTotp.Run(form.Get<IdentityParts>(), form.Caller, new(form["code"]), form.Stop);
        if (!result.Is(out var confirmed, out var refusal)) return refusal.Code == IdentityRefusals.TotpCodeWrong.Code ? form.Refused(Page + "/totp", refusal) : form.Sorry(Page, refusal);
        form.Get<SessionCookie>().Write(form.Http, confirmed.SignedIn);
        return Shown(confirmed.BackupCodes);
    }

    private static async Task<IResult> Remove(Posted form) => (await RemoveTotp.Run(form.Get<IdentityParts>(), form.Caller, form.Stop)).Is(out _, out var refusal)
        ? form.Done(Page, form.T("Removed. Your other devices are signed out.", "أُزيل وسُجّل خروج أجهزتك الأخرى.")) : form.Sorry(Page, refusal);

    private static async Task<IResult> Reissue(Posted form) =>
        (await ReissueBackupCodes.Run(form.Get<IdentityParts>(), form.Caller, form.Stop)).Is(out var codes, out var refusal) ? Shown(codes.BackupCodes) : form.Sorry(Page, refusal);

    // The codes are in this one answer and nowhere else: no redirect could carry them.
    private static RazorComponentResult<BackupCodesDocument> Shown(IReadOnlyList<string> codes) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(BackupCodesDocument.Codes)] = codes });

    private static async Task<IResult> Forget(Posted form)
    {
        var (identity, id) = (form.Get<IdentityParts>(), form.Id<DeviceId>());
        var isCurrent = (await ListDevices.Run(identity, form.Caller, form.Stop)).Any(d => d.Id == id && d.Current);
        if (!(await ForgetDevice.Run(identity, form.Caller, id, form.Stop)).Is(out _, out var refusal)) return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(Page, refusal);
        if (!isCurrent) return form.Done(Page, form.T("Forgotten and signed out.", "نُسي الجهاز وسُجّل خروجه."));
        form.Get<SessionCookie>().Clear(form.Http);
        return form.Done("/", form.T("You are signed out.", "سجّلت الخروج."));
    }
}
