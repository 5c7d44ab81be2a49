using Guildhall.Foundation;

namespace Guildhall.Money;

/// <summary>Every expected "no" of this module.</summary>
public static class MoneyRefusals
{
    public static readonly Refusal OrderNotFound = new("order_not_found", 404, "There is no order here that you may see.");
    public static readonly Refusal OrderNotOpen = new("order_not_open", 409, "This order can no longer be paid. Look at its state.");
    public static readonly Refusal OrderExpired = new("order_expired", 409, "The time to pay this order is over. Choose a slot again.");
    public static readonly Refusal OrderPaid = new("order_paid", 409, "This order is paid. Refund it instead.");
    public static readonly Refusal OrderNotPaid = new("order_not_paid", 409, "This order is not paid, so nothing is held for it.");
    public static readonly Refusal OrderReleased = new("order_released", 409, "The money of this order was released already.");
    public static readonly Refusal PaymentInProgress = new("payment_in_progress", 409, "A payment of this order is under way. Resume it at the address given here, or cancel it first.");
    public static readonly Refusal PaymentNotFound = new("payment_not_found", 404, "There is no payment here that you may see.");
    public static readonly Refusal PaymentNotCancellable = new("payment_not_cancellable", 409, "This payment has ended; there is nothing to cancel.");
    public static readonly Refusal PaymentNotCaptured = new("payment_not_captured", 409, "Nothing was captured by this payment, so nothing can be refunded.");
    public static readonly Refusal PaymentsUnavailable = new("payments_unavailable", 503, "The payment gateway does not answer. Nothing was charged. Try again in a minute.") { RetryAfterSeconds = 60 };
    public static readonly Refusal GatewayRefused = new("gateway_refused", 422, "The payment gateway refused the request; its reason is given here.");
    public static readonly Refusal RefundTooLarge = new("refund_too_large", 422, "More than what is left of the payment cannot be refunded.");
    public static readonly Refusal AmountNotRepresentable = new("amount_not_representable", 422, "The gateway cannot move this amount exactly. Use a multiple of the step given here.");
    public static readonly Refusal WrongCurrency = new("wrong_currency", 422, "The currency differs from that of the payment or balance.");
    public static readonly Refusal AmountNotPositive = new("amount_not_positive", 422, "The amount must be more than zero.");
    public static readonly Refusal ReasonMissing = new("reason_missing", 422, "Say why, in 1 to 500 characters.");
    public static readonly Refusal WebhookNotTrusted = new("webhook_not_trusted", 401, "The signature does not prove that this message comes from the gateway.");
    public static readonly Refusal GatewayUnknown = new("gateway_unknown", 404, "There is no such gateway.");
    public static readonly Refusal BalanceTooLow = new("balance_too_low", 422, "More than the available balance cannot be withdrawn.");
    public static readonly Refusal DestinationMissing = new("destination_missing", 409, "Say first where the money should go: add your bank details.");
    public static readonly Refusal DestinationCoolingOff = new("destination_cooling_off", 409, "The bank details were changed a short while ago. For your safety the first withdrawal waits until the time given here.");
    public static readonly Refusal DestinationInvalid = new("destination_invalid", 422, "The bank details are not valid. Check the account number.");
    public static readonly Refusal WithdrawalNotFound = new("withdrawal_not_found", 404, "There is no withdrawal here that you may see.");
    public static readonly Refusal WithdrawalNotPending = new("withdrawal_not_pending", 409, "This withdrawal was decided already.");
    public static readonly Refusal WithdrawalChangedMeanwhile = new("withdrawal_changed_meanwhile", 409, "This withdrawal changed after you had opened it. Look at it again.");

    // payments
    public static readonly Refusal RefundNotPossible = new("refund_not_possible", 422, "This gateway cannot give money back. Pay it back by other means and record that.");
    public static readonly Refusal RefundPartNotPossible = new("refund_part_not_possible", 422, "This gateway gives back all of a payment or nothing.");
    public static readonly Refusal QuarantineNotFound = new("quarantine_not_found", 404, "There is nothing here that was set aside.");
    public static readonly Refusal QuarantineResolved = new("quarantine_resolved", 409, "This was dealt with already. Look at it again.");
    public static readonly Refusal QuarantineNotSendable = new("quarantine_not_sendable", 409, "There is no money here that the gateway could send back: it names no payment of its own, took nothing, or cannot refund.");
    public static readonly Refusal WebhookNotFound = new("webhook_not_found", 404, "There is no such message.");
    public static readonly Refusal WebhookNotReplayable = new("webhook_not_replayable", 409, "Only a proven message that was read and led to nothing can be read again.");
    public static readonly Refusal QuarantineNotAcceptable = new("quarantine_not_acceptable", 409, "This cannot be booked as it is: it is more than was asked, in another currency, or comes on top of what was captured. Send it back.");
    public static readonly Refusal CaptureLaterNotPossible = new("capture_later_not_possible", 422, "The payment gateway of this currency cannot hold money first and take it later.");
    public static readonly Refusal PaymentNotAuthorized = new("payment_not_authorized", 409, "Nothing is held for this payment that could be taken or let go.");
    public static readonly Refusal CaptureInProgress = new("capture_in_progress", 409, "The gateway is being asked to take the money. Wait for its answer.");
    public static readonly Refusal CaptureTooLarge = new("capture_too_large", 422, "More than what is held cannot be taken.");
    public static readonly Refusal CapturePartNotPossible = new("capture_part_not_possible", 422, "This gateway takes all that is held, or nothing.");
    public static readonly Refusal CaptureAgainNotPossible = new("capture_again_not_possible", 422, "This gateway takes held money once; the rest is let go.");
    public static readonly Refusal VoidInProgress = new("void_in_progress", 409, "The gateway is being asked to let the money go. Wait for its answer.");
    public static readonly Refusal VoidNotPossible = new("void_not_possible", 422, "This gateway cannot let held money go; it does so by itself after a time.");
    public static readonly Refusal AuthorizationOver = new("authorization_over", 409, "The time for which the money was held is over. Let the customer pay again.");
    public static readonly Refusal PhoneNeeded = new("phone_needed", 422, "This payment is asked for on a phone. Give its number with country code, such as +254712345678.");
    public static readonly Refusal NothingToPay = new("nothing_to_pay", 409, "This order costs nothing and needs no payment.");
    public static readonly Refusal PaymentNotClosable = new("payment_not_closable", 409, "This payment cannot be called back. Finish it or wait: when it has ended unpaid you can try again.");
    public static readonly Refusal CurrencyNotTaken = new("currency_not_taken", 422, "No payment gateway of this marketplace takes this currency. Ask its staff.");

    public static readonly Refusal WithdrawalOwn = new("withdrawal_own", 403, "Nobody decides on a withdrawal of their own. Ask a colleague.");

    // Fees, and what was settled by hand
    public static readonly Refusal FeeRuleNotFound = new("fee_rule_not_found", 404, "There is no such fee rule.");
    public static readonly Refusal FeeRuleInvalid = new("fee_rule_invalid", 422, "This is not a fee rule; what is wrong with it is given here.");
    public static readonly Refusal DocumentMissing = new("document_missing", 422, "Name the document by which this can be found again, in 1 to 100 characters.");
    public static readonly Refusal RefundNotFound = new("refund_not_found", 404, "There is no refund here that you may see.");
    public static readonly Refusal RefundAtGateway = new("refund_at_gateway", 409, "The gateway pays this refund; nothing has to be handed over.");
    public static readonly Refusal RefundEnded = new("refund_ended", 409, "This refund has ended. Look at its state.");

    // Approvals
    public static readonly Refusal ApprovalNotFound = new("approval_not_found", 404, "There is no proposal here that you may see.");
    public static readonly Refusal ApprovalWaiting = new("approval_waiting", 409, "The same was proposed already and waits for a decision. Decide on that one, or withdraw it.");
    public static readonly Refusal ApprovalDecided = new("approval_decided", 409, "This proposal was decided already.");
    public static readonly Refusal ApprovalOwn = new("approval_own", 403, "Nobody approves what they proposed. Ask a colleague.");
    public static readonly Refusal ApprovalNotYours = new("approval_not_yours", 403, "Only who proposed it can withdraw it. Reject it instead.");

    // Reconciliation
    public static readonly Refusal ReportUnreadable = new("report_unreadable", 422, "The report cannot be read. The row and what is wrong with it are given here; nothing of it was kept.");
    public static readonly Refusal ReportEmpty = new("report_empty", 422, "The report holds no rows.");
    public static readonly Refusal ReportTooLarge = new("report_too_large", 413, "The report is larger than one upload may be. Split it by date; overlapping parts do no harm.");
    public static readonly Refusal ReportFormatUnknown = new("report_format_unknown", 422, "The format is one of stripe_csv, plain_csv and camt053.");
    public static readonly Refusal ReportSourceInvalid = new("report_source_invalid", 422, "Name the source in lower-case letters, digits, - and _, at most 40: the gateway, or the bank account.");
    public static readonly Refusal ReconciliationNotFound = new("reconciliation_not_found", 404, "There is no such reconciliation run.");
    public static readonly Refusal ReconciliationNotHeld = new("reconciliation_not_held", 409, "This run is not waiting for a decision.");
    public static readonly Refusal WindowInvalid = new("window_invalid", 422, "A window has a start before its end, ends in the past and is at most 31 days long.");
    public static readonly Refusal ReportsNotOffered = new("reports_not_offered", 404, "This gateway offers no reports by its API; upload its file.");
    public static readonly Refusal MismatchNotFound = new("mismatch_not_found", 404, "There is no such exception.");
    public static readonly Refusal MismatchClosed = new("mismatch_closed", 409, "This exception is closed.");
    public static readonly Refusal MismatchChangedMeanwhile = new("mismatch_changed_meanwhile", 409, "This exception changed after you had opened it. Look at it again.");
    public static readonly Refusal GatewayFeeInvalid = new("gateway_fee_invalid", 422,
        "A fee rule has 0 to 10000 basis points and a fixed part of 0 or more; a fixed part needs a currency.");
    public static readonly Refusal ExplainRuleInvalid = new("explain_rule_invalid", 422, "A rule has a name of its own, a kind of row, a part of its text and a reason.");
}
