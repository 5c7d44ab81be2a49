using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Fees;

namespace Guildhall.Money.Orders;

/// <summary>One line of an order; the amount is the server's.</summary>
public sealed record OrderLine(string Text, Amount Amount);

/// <summary>An order to be placed. All lines have one currency; a sum of nothing is paid at once, without a payment. The category chooses the fee rule.
/// What the platform itself sells has <see cref="Orders.Platform"/> as its provider.
/// <c>CaptureLater</c>: the money is only held when the customer pays, and taken by <c>CapturePayment</c>. <c>AwaitsApproval</c>: it is not paid before <see cref="LetPayOrder"/>; such an order
/// costs something. <c>Country</c>: ISO 3166 code of where what is sold is done, as the server knows it; it may choose the gateway. <c>GivesPartsBack</c>: by its terms a part of the money may go
/// back, so it is only taken by a gateway that refunds parts.</summary>
public sealed record NewOrder(Guid Customer, Guid Provider, string Purpose, Guid Subject, IReadOnlyList<OrderLine> Lines, DateTimeOffset ExpiresAt, string? Category = null,
    bool CaptureLater = false, bool AwaitsApproval = false, string? Country = null, bool GivesPartsBack = false);

/// <summary>Places an order in the caller's transaction and freezes the platform fee in force at this moment.</summary>
public static class PlaceOrder
{
    /// <returns>The id; the order is open and can be paid until it expires. One subject has one order.</returns>
    public static async Task<OrderId> Run(Transaction tx, Caller caller, NewOrder order)
    {
        var total = order.Lines.Select(line => line.Amount).Aggregate((sum, amount) => sum + amount);
        if (total.Minor < 0) throw new ArgumentException("An order never has a negative total.", nameof(order));
        var applied = await FeeRules.Of(tx, order.Provider, order.Category, total);

        var id = tx.NewId<OrderId>();
        await tx.ChangeOne(Insert, new
        {
            id, order.Customer, order.Provider, order.Purpose, order.Subject, currency = total.Currency, total = total.Minor,
            rule = new Jsonb(applied.Rule), fee = applied.Fee.Minor, tax = applied.Tax.Minor, order.ExpiresAt, order.CaptureLater, order.AwaitsApproval, order.Country, order.GivesPartsBack, now = tx.Now,
        });
        for (var no = 0; no < order.Lines.Count; no++)
            await tx.ChangeOne(InsertLine, new { id, no = no + 1, order.Lines[no].Text, minor = order.Lines[no].Amount.Minor });
        await tx.Audit(caller, "order.placed", "order", id.ToString(), after: new { total, applied.Fee, applied.Tax, applied.Rule, order.Purpose });
        if (total.IsZero) await tx.Enqueue(new PayFreeOrder(id), uniqueKey: id.ToString());
        return id;
    }

    private const string Insert = """
        insert into money.orders (id, customer_id, provider_id, purpose, subject_id, currency, total_minor, fee_rule, fee_minor, fee_tax_minor, expires_at, capture_later, awaits_approval, country, gives_parts_back, created_at)
        values (@id, @Customer, @Provider, @Purpose, @Subject, @currency, @total, @rule, @fee, @tax, @ExpiresAt, @CaptureLater, @AwaitsApproval, @Country, @GivesPartsBack, @now)
        """;

    private const string InsertLine = "insert into money.order_lines (order_id, no, text, minor) values (@id, @no, @Text, @minor)";
}
