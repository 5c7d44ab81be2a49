using Guildhall.Foundation.Data;
using Guildhall.Foundation;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Fees;
using Guildhall.Money.Payments;
using Guildhall.Web.Components.Data;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Console.Parts;

/// <summary>Money in the words of the staff.</summary>
internal static class MoneyWords
{
    private static readonly StateLook WaitingForCustomer = new(new("Waiting for the customer", "بانتظار العميل"), "clock", Tone.Warn);

    /// <summary>A payment's look: what became of it, and of its refunds.</summary>
    public static StateLook Look(PaymentView payment) => payment switch
    {
        { State: PaymentState.Captured } when payment.Refunded == payment.Captured => States.Of("payment", "refunded"),
        { State: PaymentState.Captured, Refunded.IsPositive: true } => States.Of("payment", "partially_refunded"),
        _ => Look(payment.State),
    };

    public static StateLook Look(PaymentState state) => state == PaymentState.RequiresAction ? WaitingForCustomer : States.Of("payment", Names.Of(state));

    /// <summary>The state, why, and the next step, to staff.</summary>
    public static string Says(PaymentView payment) => payment.State switch
    {
        PaymentState.Created => "The payment page is being prepared at the gateway.",
        PaymentState.RequiresAction when payment.RedirectUrl is null => "The customer was asked on the phone. Nothing is charged until the gateway answers.",
        PaymentState.RequiresAction => "The customer is at the gateway's page. Nothing is charged until it answers.",
        PaymentState.Authorized => "The amount is reserved on the card, not yet charged.",
        PaymentState.Capturing => "The gateway was asked to charge the amount.",
        PaymentState.Captured when payment.Refunded == payment.Captured => "Charged, and all of it was given back.",
        PaymentState.Captured when payment.Refunded.IsPositive => $"Charged; {payment.Refunded.Words()} of it was given back.",
        PaymentState.Captured when payment.Captured < payment.Amount => $"{payment.Captured.Words()} of {payment.Amount.Words()} was charged and is in the books.",
        PaymentState.Captured => "Charged and in the books.",
        PaymentState.Failed => $"Refused: {payment.FailureText ?? payment.FailureCode ?? "the gateway gave no reason."} Nothing was charged.",
        PaymentState.Cancelled => "Cancelled before anything was charged.",
        PaymentState.Expired => "The customer did not pay in time. Nothing was charged.",
        PaymentState.Unknown => "The gateway has not answered. We keep asking by our own reference; the customer is not charged twice.",
    };

    /// <summary>A fee rule in a line: the percentage, the fixed part, the bounds, the tax on it.</summary>
    public static string Fee(FeeRule rule, Currency? currency)
    {
        string Figure(long minor) => currency is { } known ? new Amount(minor, known).Words() : "";
        var parts = new List<string> { Percent(rule.BasisPoints) };
        if (rule.FixedMinor > 0) parts.Add($"plus {Figure(rule.FixedMinor)}");
        if (rule.MinimumMinor > 0) parts.Add($"at least {Figure(rule.MinimumMinor)}");
        if (rule.MaximumMinor is { } most) parts.Add($"at most {Figure(most)}");
        if (rule.TaxBasisPoints > 0) parts.Add($"and {Percent(rule.TaxBasisPoints)} tax on it");
        return string.Join(", ", parts);
    }

    public static string Percent(int basisPoints) => $"{basisPoints / 100}.{basisPoints % 100:00}".TrimEnd('0').TrimEnd('.') + " %";

    public static string Account(string kind) => kind switch
    {
        "gateway_clearing" => "At the gateway",
        "escrow" => "Escrow",
        "unapplied" => "Paid twice, to go back",
        "provider_available" => "Provider, available",
        "provider_reserved" => "Provider, reserved",
        "provider_disputed" => "Provider, set aside for disputes",
        "provider_rolling" => "Provider, kept in reserve",
        "disputed_funds" => "Taken by the gateway for disputes",
        "dispute_losses" => "Lost to disputes by the platform",
        "dispute_fees" => "Dispute fees",
        "write_offs" => "Debts given up",
        "platform_fee" => "Platform fee",
        "fx_position" => "Exchange",
        "refunds_in_transit" => "Refunds on their way",
        "payouts_in_transit" => "Payouts on their way",
        _ => JsonWords.Say(kind),
    };

    public static string Journal(string kind) => kind switch
    {
        "capture" => "Customer paid",
        "release" => "Released from escrow",
        "refund" => "Refund taken from escrow",
        "refund_after_release" => "Refund taken back from provider and fee",
        "refund_unapplied" => "Second payment sent back",
        "quarantine_received" => "Money that was set aside",
        "send_back" => "Set aside money sent back",
        "send_back_completed" => "Set aside money reached the customer",
        "send_back_failed" => "Sending back failed, in suspense",
        "refund_completed" => "Refund reached the customer",
        "refund_failed" => "Refund failed, money put back",
        "withdrawal_requested" => "Withdrawal asked for",
        "withdrawal_given_back" => "Withdrawal not paid, put back",
        "dispute_opened" => "Share set aside for a dispute",
        "dispute_freed" => "Share given back after a dispute",
        "dispute_lost" => "Dispute lost",
        "dispute_loss_undone" => "Loss of a dispute undone",
        "dispute_withdrawn" => "Gateway took the disputed amount",
        "dispute_reinstated" => "Gateway gave the disputed amount back",
        "dispute_fee" => "Gateway's dispute fee",
        "dispute_fee_returned" => "Dispute fee given back by the gateway",
        "dispute_fee_charged" => "Dispute fee charged to the provider",
        "dispute_fee_back" => "Dispute fee given back to the provider",
        "reserve_released" => "Reserve released on its day",
        "write_off" => "Debt given up",
        "payout_sent" => "Payout sent",
        "payout_completed" => "Payout reached the bank",
        "payout_failed" => "Payout failed, put back",
        "payout_returned" => "Payout returned, put back",
        "conversion" => "Changed into another currency",
        _ => JsonWords.Say(kind),
    };

    /// <summary>Who, in a payment's events: a person's id, a gateway, or a part of the product.</summary>
    public static string Actor(string actor, IReadOnlyDictionary<Guid, AccountSummary> people) => actor switch
    {
        _ when Guid.TryParse(actor, out var person) => PersonName.Of(people, person),
        "stripe" => "Stripe",
        "payment_check" => "Guildhall, asking the gateway",
        "anonymous" => "Somebody not signed in",
        _ => "Guildhall, " + actor.Replace('_', ' '),
    };

    /// <summary>One event of a payment.</summary>
    public static TimelineEntry Entry(ReadTimeline.Event happened, IReadOnlyDictionary<Guid, AccountSummary> people)
    {
        var (what, icon, tone) = happened.Kind switch
        {
            "started" => ("Payment started", "plus", Tone.Neutral),
            "page_opened" => ("Payment page opened at the gateway", "arrow", Tone.Accent),
            "answer_lost" => ("The gateway's answer was lost", "question", Tone.Warn),
            "refused_by_gateway" => ("Refused by the gateway", "alert", Tone.Bad),
            "declined" => ("Card declined, the page stays open", "alert", Tone.Warn),
            "customer_asked" => ("Customer asked on the phone", "arrow", Tone.Accent),
            "capture_asked" => ("Capture asked for", "arrow", Tone.Accent),
            "capture_refused" => ("Capture refused by the gateway, still held", "alert", Tone.Warn),
            "quarantine_sent_back" => ("Decided: the money goes back", "undo", Tone.Accent),
            "quarantine_accepted" => ("Decided: booked as it is", "check", Tone.Accent),
            "quarantine_explained" => ("Decided: explained", "check", Tone.Neutral),
            "send_back_completed" => ("Set aside money went back", "check", Tone.Good),
            "send_back_failed" => ("Set aside money could not go back", "alert", Tone.Bad),
            "authorized" => ("Amount reserved on the card", "lock", Tone.Accent),
            "method_kept" => ("Card kept for next time, as the customer asked", "card", Tone.Accent),
            "method_not_kept" => ("The gateway did not keep the card", "question", Tone.Neutral),
            "captured" => ("Charged", "check", Tone.Good),
            "failed" => ("Failed", "alert", Tone.Bad),
            "cancel_asked" => ("Cancelling was asked for", "x", Tone.Neutral),
            "cancelled" => ("Cancelled", "x", Tone.Neutral),
            "expired" => ("Expired unpaid", "clock", Tone.Neutral),
            "refund_requested" => ("Refund asked for", "undo", Tone.Accent),
            "refund_completed" => ("Refund reached the customer", "check", Tone.Good),
            "refund_failed" => ("Refund failed", "alert", Tone.Bad),
            "dispute_needs_response" => ("Disputed by the customer's bank", "alert", Tone.Bad),
            "dispute_warning_needs_response" => ("The customer's bank asks", "question", Tone.Warn),
            "dispute_under_review" => ("The bank looks at our answer", "clock", Tone.Accent),
            "dispute_answered" => ("Answer written", "arrow", Tone.Accent),
            "dispute_won" => ("Dispute won", "check", Tone.Good),
            "dispute_lost" => ("Dispute lost", "x", Tone.Bad),
            "dispute_accepted" => ("Dispute given up", "x", Tone.Neutral),
            "dispute_funds_withdrawn" => ("Gateway took the disputed amount", "alert", Tone.Warn),
            "dispute_funds_reinstated" => ("Gateway gave the disputed amount back", "undo", Tone.Good),
            "quarantined" => ("Set aside: what the gateway says does not match", "alert", Tone.Bad),
            _ => (JsonWords.Say(happened.Kind), "dot", Tone.Neutral),
        };
        return new(happened.At, what, Actor(happened.Actor, people), JsonWords.Line(happened.Facts), icon, tone);
    }
}
