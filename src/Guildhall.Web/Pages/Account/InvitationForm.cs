using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Invitations;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>The form of the invitation page.</summary>
internal static class InvitationForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPosted("/invitation", "AcceptInvitationForm", Accept).ForAnyone().Limited(RateClass.Auth);

    private static async Task<IResult> Accept(Posted form)
    {
        var password = form.Exactly("password");
        var body = new AcceptInvitation.Body(form["token"], password.Length == 0 ? null : password, form["displayName"]);
        var result = await AcceptInvitation.Run(form.Get<IdentityParts>(), form.Caller, body, form.Stop);
        // Back behind #, where it came from: the browser keeps it to itself.
        if (!result.Is(out var accepted, out var refusal)) return form.Refused(body.Token.Length == 43 ? $"/invitation#{Uri.EscapeDataString(body.Token)}" : "/invitation", refusal, "displayName");
        return accepted.Next == "sign_in"
            ? form.Done("/sign-in", form.T("Your account is ready. Sign in with your password.", "حسابك جاهز. سجّل الدخول بكلمة مرورك."))
            : form.Done("/account", form.T("Accepted. What you may do now is open.", "تم القبول، وما أُتيح لك أصبح مفتوحًا."));
    }
}
