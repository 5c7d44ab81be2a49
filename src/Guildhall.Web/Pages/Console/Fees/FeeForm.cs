using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Identity;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Fees;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Fees;

/// <summary>Setting and retiring fee rules. Percentages and amounts are typed as people write them and read exactly or not at all.</summary>
internal static class FeeForm
{
    private const string Page = "/console/fees";
    private static readonly string[] Fields = ["provider", "category", "currency", "percent", "fixed", "minimum", "maximum", "tax", "reason"];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/fees/set", "SetFeeForm", MoneyPermissions.FeeEdit, Set).Idempotent();
        app.MapForm("/console/fees/{id}/retire", "RetireFeeForm", MoneyPermissions.FeeEdit, Retire).Idempotent();
    }

    private static async Task<IResult> Set(PostedForm form)
    {
        Guid? provider = null;
        if (form["provider"].Length > 0)
        {
            if (!Id.TryParse<AccountId>(form["provider"], out var account)) return No(form, "provider", "This is not the id of an account; it begins with acc_.");
            provider = account.Value;
        }
        Currency? currency = null;
        if (form["currency"].Length > 0)
        {
            if (!Currency.TryParse(form["currency"], out var known)) return No(form, "currency", "There is no such currency.");
            currency = known;
        }
        if (Percent(form["percent"]) is not { } percent) return No(form, "percent", "A percentage between 0 and 100 with at most two decimals.");
        if (Percent(form["tax"]) is not { } tax) return No(form, "tax", "A percentage between 0 and 100 with at most two decimals.");
        long? Minor(string name) => form[name].Length == 0 ? 0 : currency is { } of && Amount.TryParse(form[name], of, CultureInfo.InvariantCulture, out var amount) ? amount.Minor : null;
        foreach (var name in new[] { "fixed", "minimum", "maximum" })
            if (Minor(name) is null) return No(form, name, "An amount of the currency chosen here, with its decimals.");

        var set = await SetFeeRule.Run(form.Database, form.Caller, new SetFeeRule.Body(provider, form["category"] is { Length: > 0 } category ? category : null, currency,
            percent, Minor("fixed")!.Value, Minor("minimum")!.Value, form["maximum"].Length == 0 ? null : Minor("maximum"), tax, form["reason"]), form.Stop);
        return set.Is(out _, out var refusal)
            ? form.Done(Page, "The rule holds from the next sale on.")
            : form.Refused(Page, refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "reason" : "", Fields);
    }

    private static async Task<IResult> Retire(PostedForm form) => (await SetFeeRule.Retire(form.Database, form.Caller, form.Id<FeeRuleId>(), form.Stop)).Is(out _, out var refusal)
        ? form.Done(Page, "Retired. The next sale is sold by the rule that holds without it.")
        : form.Refused(Page, refusal);

    private static IResult No(PostedForm form, string field, string sentence) => form.Refused(Page, MoneyRefusals.FeeRuleInvalid with { Sentence = sentence }, field, Fields);

    // 12.5 is 1250 hundredths of a percent; a third decimal is refused, not rounded.
    private static int? Percent(string text)
    {
        if (text.Length == 0) return 0;
        return Amount.TryParse(text, Currency.Of("USD"), CultureInfo.InvariantCulture, out var hundredths) && hundredths.Minor is >= 0 and <= 10_000 ? (int)hundredths.Minor : null;
    }
}
