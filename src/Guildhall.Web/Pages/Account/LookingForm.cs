using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Impersonation;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>The button by which staff stop looking as somebody else: their own session is given back to the browser.</summary>
internal static class LookingForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPosted("/stop-looking", "StopLookingForm", Stop).RequiresSignIn().AlsoWhileImpersonating();

    private static async Task<IResult> Stop(Posted form)
    {
        var person = new AccountId(form.Caller.AccountId!.Value);
        var result = await StopImpersonating.Run(form.Get<IdentityParts>(), form.Caller, form.Stop);
        if (!result.Is(out _, out var refusal)) return form.Sorry("/", refusal);
        form.Get<SessionCookie>().LookNoMore(form.Http);
        return form.Done($"/console/people/{person}", form.T("You are yourself again.", "عدت إلى حسابك."));
    }
}
