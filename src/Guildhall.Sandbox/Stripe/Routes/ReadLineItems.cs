using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

/// <summary><c>line_items[n]</c> with inline prices; one currency per session.</summary>
internal static class ReadLineItems
{
    private const int Most = 100;

    public static (LineItem[] Items, string Currency) From(Form form)
    {
        var items = new List<LineItem>();
        string? currency = null;
        for (var n = 0; n <= Most && form.Has($"line_items[{n}]"); n++)
        {
            var at = $"line_items[{n}]";
            if (form.Text($"{at}[price]") is { } price) throw StripeRefusal.NoSuch("price", price, $"{at}[price]", 400);

            var own = Currencies.Check(form.Required($"{at}[price_data][currency]"));
            if (currency is not null && currency != own)
                throw StripeRefusal.Invalid("All line items of a Checkout Session have the same currency.", $"{at}[price_data][currency]");
            currency = own;
            items.Add(ReadOne(form, at, own));
        }

        return items.Count is > 0 and <= Most ? ([.. items], currency!) : throw StripeRefusal.Missing("line_items");
    }

    private static LineItem ReadOne(Form form, string at, string currency)
    {
        var unit = $"{at}[price_data][unit_amount]";
        var amount = form.Integer(unit) ?? throw StripeRefusal.Missing(unit);
        var quantity = form.Integer($"{at}[quantity]") ?? throw StripeRefusal.Missing($"{at}[quantity]");
        if (quantity is < 1 or > 999_999)
            throw StripeRefusal.Invalid("Invalid positive integer", $"{at}[quantity]", "parameter_invalid_integer");
        return new LineItem(
            Ids.New("li_"),
            form.Required($"{at}[price_data][product_data][name]"),
            form.Text($"{at}[price_data][product_data][description]"),
            Currencies.CheckAmount(amount, currency, unit),
            quantity);
    }
}
