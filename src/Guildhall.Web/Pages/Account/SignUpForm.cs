using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Accounts;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>The form of the sign-up page.</summary>
internal static class SignUpForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPosted("/sign-up", nameof(SignUpForm), Send).ForAnyone().Limited(RateClass.Auth);

    private static async Task<IResult> Send(Posted form)
    {
        var body = new Register.Body(form["email"], form.Exactly("password"), form["displayName"], form["language"] is "ar" ? "ar" : "en", form["zone"]);
        var result = await Register.Run(form.Get<IdentityParts>(), form.Caller, body, form.Stop);
        if (!result.Is(out _, out var refusal)) return form.Refused("/sign-up" + SignInForms.Query(form["returnUrl"]), refusal, "email", "displayName", "zone");
        Joining.Keep(form.Http, new Joining(body.Email, form["returnUrl"]));
        return form.Done("/verify");
    }
}
