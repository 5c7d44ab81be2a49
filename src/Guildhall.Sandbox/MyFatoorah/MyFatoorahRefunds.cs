using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.MyFatoorah;

/// <summary><c>POST /v2/MakeRefund</c> records a wish; finance decides it (<see cref="Decide"/>, asked by <c>/sandbox</c>); <c>POST /v2/GetRefundStatus</c> tells. As
/// documented, a row does not carry the merchant's own reference.</summary>
internal static class MyFatoorahRefunds
{
    public static object Make(World world, HttpContext context, JsonElement body)
    {
        var key = MyFatoorahApi.Text(body, "Key") ?? throw new MyFatoorahRefusal("Key", "Key is required.");
        var invoice = MyFatoorahApi.Text(body, "KeyType") switch
        {
            "InvoiceId" => world.MyFatoorahInvoices.Find(key),
            "PaymentId" => world.MyFatoorahInvoices.NewestFirst("payment:" + key).FirstOrDefault(),
            _ => throw new MyFatoorahRefusal("KeyType", "InvoiceId or PaymentId."),
        };
        if (invoice is not { Status: "PAID" }) throw new MyFatoorahRefusal("Key", "This invoice is not paid.");
        var minor = MyFatoorahPayments.Amount(body, "Amount", invoice.Currency);
        if (invoice.RefundedMinor + minor > invoice.Minor) throw new MyFatoorahRefusal("Amount", "More than is left of the invoice.");
        var refund = new MyFatoorahRefund(RandomNumberGenerator.GetString("123456789", 8), "2026" + RandomNumberGenerator.GetString("0123456789", 6), invoice.InvoiceId, minor, invoice.Currency, "Pending",
            invoice.Webhook, MyFatoorahApi.Text(body, "ExternalIdentifier"));
        world.MyFatoorahRefunds.Put(refund);
        world.MyFatoorahInvoices.Put(invoice with { RefundedMinor = invoice.RefundedMinor + minor });
        return new
        {
            Key = key, RefundId = Number(refund.RefundId), refund.RefundReference, RefundInvoiceId = Number(invoice.InvoiceId) + 1, Amount = Money(refund), Comment = MyFatoorahApi.Text(body, "Comment"),
        };
    }

    public static object Status(World world, HttpContext context, JsonElement body)
    {
        var key = MyFatoorahApi.Text(body, "Key") ?? throw new MyFatoorahRefusal("Key", "Key is required.");
        MyFatoorahRefund[] rows = MyFatoorahApi.Text(body, "KeyType") switch
        {
            "InvoiceId" => [.. world.MyFatoorahRefunds.NewestFirst("invoice:" + key)],
            "RefundId" => world.MyFatoorahRefunds.Find(key) is { } one ? [one] : [],
            "RefundReference" => [.. world.MyFatoorahRefunds.NewestFirst("reference:" + key)],
            _ => throw new MyFatoorahRefusal("KeyType", "InvoiceId, RefundReference or RefundId."),
        };
        return new
        {
            RefundStatusResult = rows.Select(r => new { RefundId = Number(r.RefundId), RefundStatus = r.Status, InvoiceId = Number(r.InvoiceId), RefundAmount = Money(r), r.RefundReference, RRN = (string?)null }).ToArray(),
        };
    }

    /// <summary>Refunded or Canceled, once or, taken back, again.</summary>
    public static bool Decide(World world, string id, string status)
    {
        if (status is not ("Refunded" or "Canceled") || world.MyFatoorahRefunds.Find(id) is not { } refund || refund.Status == status || refund.Status == "Canceled") return false;
        world.MyFatoorahRefunds.Put(refund with { Status = status });
        if (status == "Canceled" && world.MyFatoorahInvoices.Find(refund.InvoiceId) is { } invoice) world.MyFatoorahInvoices.Put(invoice with { RefundedMinor = invoice.RefundedMinor - refund.Minor });
        TellMyFatoorah.Refund(world, refund with { Status = status });
        return true;
    }

    private static long Number(string id) => long.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture);

    private static JsonElement Money(MyFatoorahRefund refund) => JsonSerializer.Deserialize<JsonElement>(MyFatoorahInvoice.Text(refund.Minor, refund.Currency));
}
