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
        app.MapPosted(Page + "/{id}/let-pay-invoices", "LetPayInvoicesForm", LetPay).RequiresSignIn();
        app.MapPosted(Page + "/{id}/remove", "RemoveMethodForm", Remove).RequiresSignIn();
    }

    private static async Task<IResult> Choose(Posted form) =>
        (await ChooseMethod.Run(form.Database, form.Caller, form.Id<SavedMethodId>(), form.Stop)).Refusal is { } refusal
            ? Refused(form, refusal) : form.Done(Page, form.T("This card is offered first now.", "تُعرض هذه البطاقة أولًا الآن."));

    private static async Task<IResult> LetPay(Posted form)
    {
        var allowed = form["allowed"] is "true";
        if ((await LetPayInvoices.Run(form.Database, form.Caller, form.Id<SavedMethodId>(), allowed, form.Stop)).Refusal is { } refusal) return Refused(form, refusal);
        return form.Done(Page, allowed ? form.T("Later invoices to you are paid with this card by themselves.", "ستُدفع فواتيرك القادمة بهذه البطاقة تلقائيًا.")
            : form.T("Invoices wait for you again.", "تنتظرك الفواتير من جديد."));
    }

    private static async Task<IResult> Remove(Posted form) =>
        (await RemoveMethod.Run(form.Database, form.Caller, form.Id<SavedMethodId>(), form.Stop)).Refusal is { } refusal
            ? Refused(form, refusal) : form.Done(Page, form.T("The card is removed. No later payment can use it.", "أُزيلت البطاقة ولا يمكن لأي دفعة لاحقة استخدامها."));

    private static IResult Refused(Posted form, Foundation.Refusal refusal) => refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(Page, refusal);
}
