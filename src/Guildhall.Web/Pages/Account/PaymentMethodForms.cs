using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Methods;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>What a person does with their kept cards by form.</summary>
internal static class PaymentMethodForms
{
    private const string Page = "/account/payment-methods";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted(Page + "/{id}/choose", "ChooseMethodForm", Choose).RequiresSignIn();
        app.MapPosted(Page + "/{id}/remove", "RemoveMethodForm", Remove).RequiresSignIn();
    }

    private static async Task<IResult> Choose(Posted form) =>
        (await ChooseMethod.Run(form.Database, form.Caller, form.Id<SavedMethodId>(), form.Stop)).Refusal is { } refusal
            ? Refused(form, refusal) : form.Done(Page, form.T("This card is offered first now.", "تُعرض هذه البطاقة أولًا الآن."));

    private static async Task<IResult> Remove(Posted form) =>
        (await RemoveMethod.Run(form.Database, form.Caller, form.Id<SavedMethodId>(), form.Stop)).Refusal is { } refusal
            ? Refused(form, refusal) : form.Done(Page, form.T("The card is removed. No later payment can use it.", "أُزيلت البطاقة ولا يمكن لأي دفعة لاحقة استخدامها."));

    private static IResult Refused(Posted form, Foundation.Refusal refusal) => refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(Page, refusal);
}
