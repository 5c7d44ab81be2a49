using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Providers;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>The forms by which somebody becomes a provider.</summary>
internal static class ApplicationForms
{
    private const string Page = "/account/provider";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted(Page, "ApplyAsProviderForm", Apply).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Auth);
        app.MapPosted("/account/provider/{id}/withdraw", "WithdrawApplicationForm", Withdraw).RequiresSignIn().ChecksSessionRow();
    }

    private static async Task<IResult> Apply(Posted form)
    {
        var kind = form["kind"] is "technician" ? ProviderKind.Technician : ProviderKind.Advisor;
        var body = new ApplyAsProvider.Body(form["businessName"], kind, form["services"], form["country"], form["about"], form["phone"]);
        var result = await ApplyAsProvider.Run(form.Database, form.Caller, body, form.Stop);
        return result.Is(out _, out var refusal)
            ? form.Done(Page, form.T("Sent. We look at it and write to you.", "أُرسل. سننظر فيه ونكتب إليك."))
            : form.Refused(Page, refusal, "businessName", "kind", "services", "country", "phone", "about");
    }

    private static async Task<IResult> Withdraw(Posted form)
    {
        var result = await WithdrawApplication.Run(form.Database, form.Caller, form.Id<ProviderApplicationId>(), form.Stop);
        return result.Is(out _, out var refusal) ? form.Done(Page, form.T("Withdrawn.", "سُحب الطلب.")) : form.Sorry(Page, refusal);
    }
}
