using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Phones;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>The forms of <c>PhoneCard</c>.</summary>
internal static class PhoneForms
{
    /// <summary>The page the card stands on.</summary>
    public const string Home = "/account/security";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/account/phone", "AskPhoneCodeForm", Ask).RequiresSignIn().RequiresStepUp().Limited(RateClass.Code);
        app.MapPosted("/account/phone/verify", "VerifyPhoneForm", Verify).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Code);
        app.MapPosted("/account/phone/remove", "RemovePhoneForm", Remove).RequiresSignIn().RequiresStepUp();
    }

    /// <summary>The digits of a code, however they were set apart or written.</summary>
    internal static string Digits(string code) => string.Concat(code.Where(char.IsDigit).Select(c => (char)('0' + (int)char.GetNumericValue(c))));

    private static async Task<IResult> Ask(Posted form)
    {
        var result = await AskPhoneCode.Run(form.Get<IdentityParts>(), form.Caller, new AskPhoneCode.Body(form["phone"]), form.Stop);
        return result.Is(out _, out var refusal) ? form.Done(Home, form.T("Your code is on its way.", "رمزك في الطريق.")) : form.Refused(Home, refusal, "phone");
    }

    private static async Task<IResult> Verify(Posted form)
    {
        var result = await VerifyPhone.Run(form.Get<IdentityParts>(), form.Caller, new VerifyPhone.Body(Digits(form["code"])), form.Stop);
        return result.Is(out _, out var refusal) ? form.Done(Home, form.T("Your number is confirmed.", "تأكد رقمك.")) : form.Refused(Home, refusal);
    }

    private static async Task<IResult> Remove(Posted form)
    {
        var result = await RemovePhone.Run(form.Get<IdentityParts>(), form.Caller, form.Stop);
        return result.Is(out _, out var refusal) ? form.Done(Home, form.T("Your number is taken off.", "أُزيل رقمك.")) : form.Sorry(Home, refusal);
    }
}
