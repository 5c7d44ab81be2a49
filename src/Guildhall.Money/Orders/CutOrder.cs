using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Money.Fees;

namespace Guildhall.Money.Orders;

/// <summary>Less was taken than was ordered: the order is then one of what was taken, with the fee that the rule frozen at sale makes of that. What was
/// ordered is kept beside it.</summary>
internal static class CutOrder
{
    public static async Task To(Transaction tx, OrderId id, Amount taken)
    {
        var rule = JsonSerializer.Deserialize<FeeRule>(await tx.Get<string>("select fee_rule::text from money.orders where id = @id", new { id }), JsonRules.Options)!;
        var sale = rule.Of(taken);
        await tx.ChangeOne(Cut, new { id, total = taken.Minor, fee = sale.Fee.Minor, tax = sale.Tax.Minor });
    }

    private const string Cut = """
        update money.orders set total_minor = @total, fee_minor = @fee, fee_tax_minor = @tax, ordered_minor = nullif(coalesce(ordered_minor, total_minor), @total) where id = @id
        """;
}
