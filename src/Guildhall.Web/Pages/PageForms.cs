using Guildhall.Web.Pages.Account;

namespace Guildhall.Web.Pages;

/// <summary>Everything that pages send: one line per file of forms.</summary>
internal static class PageForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        SignUpForm.Map(app);
        VerifyForms.Map(app);
        SignInForms.Map(app);
        AccountForms.Map(app);
        InboxForm.Map(app);
    }
}
