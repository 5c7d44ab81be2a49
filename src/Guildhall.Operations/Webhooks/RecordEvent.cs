using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Money;
using Guildhall.Money.Disputes;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Guildhall.Money.Risk;
using Guildhall.Money.Withdrawals;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Operations.Webhooks;

/// <summary>Writes down what happened in the transaction that makes it true: an event exists if and only if its fact does. The object's number is taken
/// under its own row, which nobody else wants: whoever tells of an object holds it already.</summary>
internal static class RecordEvent
{
    public static void React(IServiceCollection services, WebhookBell bell)
    {
        On<OrderPaid>(f => new("order.paid", f.Order.ToString(), new { f.Purpose, subject = Subject(f.Purpose, f.Subject), f.Payment, f.Amount }));
        On<PaymentChanged>(f => Name(f.State) is { } name ? new("payment." + name, f.Payment.ToString(), new { f.Order, f.Amount }) : null);
        On<RefundChanged>(f => Name(f.State) is { } name ? new("refund." + name, f.Refund.ToString(), new { f.Payment, f.Order, f.Amount }) : null);
        On<WithdrawalChanged>(f => new("withdrawal." + (f.State is WithdrawalState.Pending ? "requested" : Names.Of(f.State)), f.Withdrawal.ToString(), new { f.Provider, f.Amount }));
        On<WithdrawalHeld>(f => f.Why is { } why ? new("withdrawal.held", f.Withdrawal.ToString(), new { f.Provider, f.Amount, why }) : new("withdrawal.resumed", f.Withdrawal.ToString(), new { f.Provider, f.Amount }));
        On<PayoutChanged>(f => new("payout." + Names.Of(f.State), f.Payout.ToString(), new { f.Withdrawal, f.Provider, f.Amount }));
        On<DisputeChanged>(f => new("dispute." + Names.Of(f.State), f.Dispute.ToString(), new { f.Order, f.Payment, f.Provider, f.Amount, f.DueAt }));
        On<OrderReviewed>(f => new("risk_review." + Names.Of(f.State), f.Order.ToString(), new { f.Purpose, subject = Subject(f.Purpose, f.Subject), f.PayUntil }));
        On<InvoiceChanged>(f => new($"{Names.Of(f.Kind)}.{Names.Of(f.State)}", f.Invoice.ToString(), new { f.Order, f.Buyer, f.Provider, f.Amount }));
        On<ReserveChanged>(f => new(f.Released ? "reserve.released" : "reserve.held", f.Reserve.ToString(), new { f.Order, f.Provider, f.Amount, f.ReleaseAt }));
        On<BookingConfirmed>(f => new("booking.confirmed", f.Booking.ToString(), new { f.Customer, f.Provider, f.StartsAt, f.EndsAt, f.Zone }));
        On<BookingMoved>(f => new("booking.moved", f.Booking.ToString(), new { f.Customer, f.Provider, f.By, f.Before, f.StartsAt, f.EndsAt, f.Zone }));
        On<BookingCancelled>(f => new("booking.cancelled", f.Booking.ToString(), new { f.Customer, f.Provider, f.By }));
        On<BookingCompleted>(f => new("booking.completed", f.Booking.ToString(), new { f.Customer, f.Provider }));

        void On<TFact>(Func<TFact, Happening?> read) where TFact : Foundation.Facts.IFact => services.AddReaction<TFact>(async (tx, fact) =>
        {
            if (read(fact) is not { } happening) return;
            await Write(tx, tx.NewId<WebhookMessageId>(), happening, fanned: false);
            tx.AfterCommit(bell.Ring);
        });
    }

    internal sealed record Happening(string Type, string ObjectId, object Facts);

    internal static async Task Write(Transaction tx, WebhookMessageId id, Happening happening, bool fanned)
    {
        var type = WebhookCatalogue.Find(happening.Type) ?? throw new InvalidOperationException($"{happening.Type} is not in the catalogue.");
        await tx.Change(Insert, new
        {
            id, type = type.Name, type.Version, happening.ObjectId, facts = JsonSerializer.Serialize(happening.Facts, JsonRules.Options), now = tx.Now, fannedAt = fanned ? tx.Now : (DateTimeOffset?)null,
        });
    }

    private static string Subject(string purpose, Guid subject) => string.Equals(purpose, "booking", StringComparison.Ordinal) ? new BookingId(subject).ToString() : subject.ToString();

    private static string? Name(PaymentState state) =>
        state is PaymentState.Authorized or PaymentState.Captured or PaymentState.Failed or PaymentState.Cancelled or PaymentState.Expired ? Names.Of(state) : null;

    private static string? Name(RefundState state) => state switch
    {
        RefundState.Pending => "requested", RefundState.Completed => "completed", RefundState.Failed => "failed", _ => null,
    };

    private const string Insert = """
        with o as (insert into operations.webhook_objects (object_id, last_sequence) values (@ObjectId, 1)
            on conflict (object_id) do update set last_sequence = webhook_objects.last_sequence + 1 returning object_id, last_sequence)
        insert into operations.webhook_events (id, type, version, object_id, sequence, facts, occurred_at, fanned_at)
            select @id, @type, @Version, o.object_id, o.last_sequence, @facts, @now, @fannedAt from o
        """;
}
