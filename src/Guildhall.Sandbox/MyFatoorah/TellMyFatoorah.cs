using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Webhooks;

namespace Guildhall.Sandbox.MyFatoorah;

/// <summary>Webhooks of version 2, signed over some fields of theirs in a fixed order; delivered like all events of this sandbox.</summary>
internal static class TellMyFatoorah
{
    private static readonly byte[] Secret = "guildhall_sandbox_myfatoorah_secret"u8.ToArray();

    public static void Payment(World world, MyFatoorahInvoice invoice)
    {
        var (attempt, amount) = (invoice.Last!, MyFatoorahInvoice.Text(invoice.Minor, invoice.Currency));
        Tell(world, invoice.Webhook, 1, "PAYMENT_STATUS_CHANGED",
            $"Invoice.Id={invoice.InvoiceId},Invoice.Status={invoice.Status},Transaction.Status={attempt.Status},Transaction.PaymentId={attempt.PaymentId},Invoice.ExternalIdentifier={invoice.ExternalIdentifier}",
            new
            {
                Invoice = new { Id = invoice.InvoiceId, invoice.Status, Reference = "2026" + invoice.InvoiceId, invoice.ExternalIdentifier },
                Transaction = new { Id = "1", attempt.Status, attempt.PaymentId },
                Amount = new { BaseCurrency = invoice.Currency, ValueInBaseCurrency = amount },
            });
    }

    public static void Refund(World world, MyFatoorahRefund refund)
    {
        var amount = MyFatoorahInvoice.Text(refund.Minor, refund.Currency);
        var status = refund.Status.ToUpperInvariant();
        Tell(world, refund.Webhook, 2, "REFUND_STATUS_CHANGED", $"Refund.Id={refund.RefundId},Refund.Status={status},Amount.ValueInBaseCurrency={amount},ReferencedInvoice.Id={refund.InvoiceId}",
            new
            {
                Refund = new { Id = refund.RefundId, Status = status, Reference = refund.RefundReference },
                Amount = new { BaseCurrency = refund.Currency, ValueInBaseCurrency = amount },
                ReferencedInvoice = new { Id = refund.InvoiceId },
            });
    }

    private static void Tell(World world, string? address, int code, string name, string signed, object data)
    {
        if (address is null) return;
        var id = "WH-" + RandomNumberGenerator.GetString("0123456789", 12);
        var body = JsonSerializer.Serialize(new { Event = new { Code = code, Name = name, CountryIsoCode = "KWT", CreationDate = world.Now.UtcDateTime.ToString("O"), Reference = id }, Data = data });
        world.PartyEvents.Put(new PartyEvent(id, PartyEvent.MyFatoorah, address, body, Convert.ToBase64String(HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(signed)))));
        world.Announce(new Delivery(id, DeliveryState.Waiting, 0, 0, null));
    }
}
