using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Ledger.Exchange;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Ledger;

/// <summary>Records exchange rates, and changes money of the platform's own by them.</summary>
internal static class ExchangeForms
{
    private const string Page = "/console/ledger/exchange";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm(Page + "/rates", "RecordRateForm", MoneyPermissions.LedgerConvert, Record).Idempotent();
        app.MapForm(Page + "/convert", "ConvertForm", MoneyPermissions.LedgerConvert, Convert).Idempotent();
    }

    private static async Task<IResult> Record(PostedForm form)
    {
        if (!Currency.TryParse(form["base"].ToUpperInvariant(), out var from) || !Currency.TryParse(form["quote"].ToUpperInvariant(), out var into) || Rate(form["rate"]) is not { } rate)
            return form.Refused(Page, MoneyRefusals.FxRateInvalid, "rate", "base", "quote", "rate", "source");
        var done = await RecordRate.Run(form.Database, form.Caller, new RecordRate.Body(from, into, rate.Numerator, rate.Denominator, form["source"], form.Get<TimeProvider>().GetUtcNow()), form.Stop);
        return done.Is(out var view, out var refusal) ? form.Done(Page, $"1 {view.Base.Code} is {form["rate"]} {view.Quote.Code} from now on.")
            : form.Refused(Page, refusal, "rate", "base", "quote", "rate", "source");
    }

    private static async Task<IResult> Convert(PostedForm form)
    {
        var back = Page + "?" + string.Join('&', new[] { "amount", "currency", "from", "to", "rate" }.Select(name => $"{name}={Uri.EscapeDataString(form[name])}"));
        if (Read(form["amount"], form["currency"], form["rate"]) is not { } asked) return form.Refused(back, MoneyRefusals.AmountNotPositive, "", "why");
        var done = await ConvertMoney.Run(form.Database, form.Caller, new ConvertMoney.Body(asked.Amount, form["from"], form["to"], asked.Rate, form["why"]), form.Stop);
        return done.Is(out var view, out var refusal) ? form.Done(Page, $"{view.Sold.Words()} became {view.Bought.Words()}.") : form.Refused(back, refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "why" : "", "why");
    }

    /// <summary>What was typed to be converted; null when it is not an amount at a rate.</summary>
    public static (Amount Amount, RateId Rate)? Read(string? amount, string? currency, string? rate) =>
        Currency.TryParse(currency?.ToUpperInvariant(), out var known) && Amount.TryParse(amount ?? "", known, CultureInfo.InvariantCulture, out var read) && Id.TryParse<RateId>(rate, out var id) ? (read, id) : null;

    /// <summary>A decimal as a fraction, exactly: 0.3075 is 3075 / 10000.</summary>
    internal static (long Numerator, long Denominator)? Rate(string typed)
    {
        var parts = typed.Split('.');
        var digits = parts.Length == 2 ? parts[1] : "";
        return parts.Length <= 2 && digits.Length <= 12 && long.TryParse(parts[0] + digits, NumberStyles.None, CultureInfo.InvariantCulture, out var top) && top > 0
            ? (top, (long)System.Numerics.BigInteger.Pow(10, digits.Length)) : null;
    }

    /// <summary>A rate as people read it; a fraction when it has no short decimal.</summary>
    internal static string Say(long numerator, long denominator)
    {
        var digits = denominator.ToString(CultureInfo.InvariantCulture);
        if (digits[0] != '1' || digits.AsSpan(1).IndexOfAnyExcept('0') >= 0) return $"{numerator}/{denominator}";
        var places = digits.Length - 1;
        var text = numerator.ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return places == 0 ? text : $"{text[..^places]}.{text[^places..]}".TrimEnd('0').TrimEnd('.');
    }
}
