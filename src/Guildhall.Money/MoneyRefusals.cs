using Guildhall.Foundation;

namespace Guildhall.Money;

/// <summary>Every expected "no" of this module.</summary>
public static class MoneyRefusals
{
    public static readonly Refusal OrderNotFound = new("order_not_found", 404, "There is no order here that you may see.");
    public static readonly Refusal OrderNotOpen = new("order_not_open", 409, "This order can no longer be paid. Look at its state.");
    public static readonly Refusal OrderAwaitsApproval = new("order_awaits_approval", 409, "The provider has not said yes yet. Nothing is paid before that; you get a message.");
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
    public static readonly Refusal DestinationInvalid = new("destination_invalid", 422, "The bank details are not valid. Check the name and the account number; without an IBAN the country and the bank code are needed too.");
    public static readonly Refusal PaypalAddressInvalid = new("paypal_address_invalid", 422, "This is no address that PayPal pays to. Write the e-mail address of the PayPal account, such as name@example.com, in Latin letters.");
    public static readonly Refusal MpesaNumberInvalid = new("mpesa_number_invalid", 422, "This is no number that M-Pesa pays to. Write a Kenyan mobile number, such as 254712345678 or 0112345678.");
    public static readonly Refusal DestinationNotOffered = new("destination_not_offered", 422, "Money is not sent there from here. Choose one of the ways given here.");
    public static readonly Refusal DestinationOtherCurrency = new("destination_other_currency", 409, "Money in this currency cannot be sent to this destination. Name another one, such as a bank account, and ask again.");
    public static readonly Refusal WithdrawalNotFound = new("withdrawal_not_found", 404, "There is no withdrawal here that you may see.");
    public static readonly Refusal WithdrawalNotPending = new("withdrawal_not_pending", 409, "This withdrawal was decided already.");
    public static readonly Refusal WithdrawalTooSmall = new("withdrawal_too_small", 422, "This is less than the least that can be withdrawn, or than its fee. The limit is given here.");
    public static readonly Refusal WithdrawalTooLarge = new("withdrawal_too_large", 422, "This is more than can be withdrawn at once. The limit is given here.");
    public static readonly Refusal WithdrawalDailyLimit = new("withdrawal_daily_limit", 422, "This is more than can be withdrawn within 24 hours. What is left is given here.");
    public static readonly Refusal DestinationUnconfirmed = new("destination_unconfirmed", 409, "Your bank sent money back. Confirm your bank details, or change them, before you ask again.");
    public static readonly Refusal WithdrawalNeedsAnother = new("withdrawal_needs_another", 403, "You approved this withdrawal already. It needs a second person.");
    public static readonly Refusal WithdrawalNotHeld = new("withdrawal_not_held", 409, "This withdrawal is not held. Look at its state.");
    public static readonly Refusal WithdrawalStillHeld = new("withdrawal_still_held", 409, "What holds this withdrawal cannot be waived. Reject it, so that the provider can ask again.");
    public static readonly Refusal BatchNotFound = new("batch_not_found", 404, "There is no such batch, or it has no file yet.");
    public static readonly Refusal BatchOwn = new("batch_own", 403, "Nobody approves a batch of their own. Ask a colleague.");
    public static readonly Refusal BatchStateWrong = new("batch_state_wrong", 409, "This batch is not in a state in which this can be done. Look at it again.");
    public static readonly Refusal BatchChangedMeanwhile = new("batch_changed_meanwhile", 409, "This batch changed after you had opened it. Look at it again.");
    public static readonly Refusal BatchEmpty = new("batch_empty", 409, "Nothing in this currency can be sent by bank file now.");
    public static readonly Refusal BankAccountMissing = new("bank_account_missing", 409, "There is no bank account in this currency to pay from. The operator names it in the settings of the program.");
    public static readonly Refusal BankResultInvalid = new("bank_result_invalid", 422, "A result needs the bank's reference, of 1 to 200 characters.");
    public static readonly Refusal BankResultUnknown = new("bank_result_unknown", 404, "No payout by bank file has this end-to-end id.");
    public static readonly Refusal BankResultTooEarly = new("bank_result_too_early", 409, "This payout was not sent yet, so the bank cannot have a result of it.");
    public static readonly Refusal BankResultTaken = new("bank_result_taken", 409, "This statement line was recorded already, with another content.");
    public static readonly Refusal BankResultRepeated = new("bank_result_repeated", 409, "Another statement line said the same of this payout. Look whether the bank moved the money twice; if so, tell the bank.");
    public static readonly Refusal BankResultAmount = new("bank_result_amount", 422, "The bank's amount differs from what was sent, which is given here.");
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
    public static readonly Refusal PartsNotPossible = new("parts_not_possible", 422, "The payment gateway of this currency cannot give a part of a payment back, as the terms of this sale may ask. Choose what is paid for once.");
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
    public static readonly Refusal DocumentUsed = new("document_used", 409, "This document has been recorded for other money. One paper pays once.");
    public static readonly Refusal SettlementOwn = new("settlement_own", 403, "Who buys or sells has no part in recording that it was paid. Ask a colleague.");
    public static readonly Refusal RefundNotFound = new("refund_not_found", 404, "There is no refund here that you may see.");
    public static readonly Refusal RefundAtGateway = new("refund_at_gateway", 409, "The gateway pays this refund; nothing has to be handed over.");
    public static readonly Refusal RefundOwn = new("refund_own", 403, "Nobody refunds a payment of their own. Ask a colleague.");
    public static readonly Refusal RefundStillAsked = new("refund_still_asked", 409, "The gateway may still say what became of this refund. When it has said nothing for a day, two of you may.");
    public static readonly Refusal RefundEnded = new("refund_ended", 409, "This refund has ended. Look at its state.");
    public static readonly Refusal PayoutStillAsked = new("payout_still_asked", 409, "What became of this payout may still be learnt from where it was sent. When that cannot be any more, two of you may say it.");
    public static readonly Refusal PayoutEnded = new("payout_ended", 409, "This payout has ended. Look at its state.");

    // Approvals
    public static readonly Refusal ApprovalNotFound = new("approval_not_found", 404, "There is no proposal here that you may see.");
    public static readonly Refusal ApprovalWaiting = new("approval_waiting", 409, "The same was proposed already and waits for a decision. Decide on that one, or withdraw it.");
    public static readonly Refusal ApprovalDecided = new("approval_decided", 409, "This proposal was decided already.");
    public static readonly Refusal ApprovalLapsed = new("approval_lapsed", 409, "Who proposed this may not do so any more. Reject it, and let a colleague propose it again.");
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
    // ledger
    public static readonly Refusal MomentInFuture = new("moment_in_future", 422, "The books cannot be asked about the future. Give a time that has passed.");
    public static readonly Refusal MomentNotSettled = new("moment_not_settled", 409, "Postings that began before this moment are still being written. Ask again in a few seconds.") { RetryAfterSeconds = 5 };
    public static readonly Refusal PeriodUnknown = new("period_unknown", 422, "A period is a month such as 2026-10.");
    public static readonly Refusal PeriodNotOver = new("period_not_over", 409, "This month is not over yet (UTC), so it cannot be closed.");
    public static readonly Refusal PeriodClosed = new("period_closed", 409, "This month is closed already. Closing cannot be undone.");
    public static readonly Refusal PeriodOutOfOrder = new("period_out_of_order", 409, "Months are closed in order. Close the one given here first.");
    public static readonly Refusal PeriodOpen = new("period_open", 409, "This month is not closed, so its balances can still change. Ask for a moment instead.");
    public static readonly Refusal PeriodBeingFrozen = new("period_being_frozen", 409, "The balances of this month are being added up. Ask again in a few seconds.") { RetryAfterSeconds = 5 };
    public static readonly Refusal BooksBusy = new("books_busy", 409, "Somebody else is posting or closing at this moment. Try again in a few seconds.") { RetryAfterSeconds = 5 };
    public static readonly Refusal FxRateInvalid = new("fx_rate_invalid", 422, "A rate has two currencies, a numerator and a denominator above zero, a source, and a time that is not in the future.");
    public static readonly Refusal FxRateKnown = new("fx_rate_known", 409, "This source said something else for the same moment. A rate is never changed; record a newer one.");
    public static readonly Refusal FxRateUnknown = new("fx_rate_unknown", 404, "There is no such exchange rate.");
    public static readonly Refusal FxRateStale = new("fx_rate_stale", 409, "This exchange rate is too old, or a newer one is known. Record or choose the newest.");
    public static readonly Refusal ConversionAccount = new("conversion_account", 422, "Money of the platform is changed between gateway_clearing, bank and cash.");
    public static readonly Refusal ConversionTooLarge = new("conversion_too_large", 422, "The account it is taken from holds less than that.");
    public static readonly Refusal ConversionOutOfRange = new("conversion_out_of_range", 422, "At this rate the amount comes to nothing or to more than can be booked.");
    public static readonly Refusal StatementTooLong = new("statement_too_long", 422, "More lines than one statement holds. Ask for the lines of the account page by page.");
    public static readonly Refusal StatementNotRendered = new("statement_not_rendered", 503, "The PDF cannot be made at this moment. Take the CSV, or try again in a minute.") { RetryAfterSeconds = 60 };
    public static readonly Refusal JournalNotFound = new("journal_not_found", 404, "There is no such journal that you may see.");
    public static readonly Refusal JournalNotSealed = new("journal_not_sealed", 409, "This journal is not under a signed checkpoint yet. Ask again in two minutes.") { RetryAfterSeconds = 120 };
    public static readonly Refusal JournalNotAsSealed = new("journal_not_as_sealed", 500, "This journal is not what was sealed. Keep the database as it is and run `guildhall verify`.");
    public static readonly Refusal LedgerAccountNotFound = new("ledger_account_not_found", 404, "There is no such account in the books that you may see.");
    // Disputes, holds, balances
    public static readonly Refusal DisputeNotFound = new("dispute_not_found", 404, "There is no dispute here that you may see.");
    public static readonly Refusal DisputeClosed = new("dispute_closed", 409, "This dispute is decided. Nothing can be added or accepted any more.");
    public static readonly Refusal DisputeTooLate = new("dispute_too_late", 409, "The time to answer this dispute is over.");
    public static readonly Refusal DisputeAnswered = new("dispute_answered", 409, "This dispute has been answered. The gateway takes one answer.");
    public static readonly Refusal EvidenceEmpty = new("evidence_empty", 422, "Say at least one thing: an answer needs a field that is not empty, each of at most 20,000 characters.");
    public static readonly Refusal OrderDisputed = new("order_disputed", 409, "A dispute of this order's payment is open. Its money stays where it is until the dispute is decided.");
    public static readonly Refusal EscrowTooSmall = new("escrow_too_small", 409, "Less than that is held for this order: refunds or a dispute took their part. What is left is given here.");
    public static readonly Refusal OrderHeld = new("order_held", 409, "A complaint holds the money of this order. It is released when the complaint has been settled.");
    public static readonly Refusal HoldOwn = new("hold_own", 403, "Nobody settles a complaint about themselves. Ask a colleague.");
    public static readonly Refusal HoldNotFound = new("hold_not_found", 404, "There is no hold on this order.");
    public static readonly Refusal WriteOffTooLarge = new("write_off_too_large", 422, "More than the provider owes cannot be written off.");
    public static readonly Refusal WriteOffOwn = new("write_off_own", 403, "Nobody takes part in giving up a debt of their own. Ask a colleague.");

    // Invoices
    public static readonly Refusal InvoiceNotFound = new("invoice_not_found", 404, "There is no invoice here that you may see.");
    public static readonly Refusal InvoiceInvalid = new("invoice_invalid", 422, "This cannot be invoiced; what is wrong is given here.");
    public static readonly Refusal InvoiceVoid = new("invoice_void", 409, "This invoice was taken back by a credit note. Look at what replaced it.");
    public static readonly Refusal InvoicePaid = new("invoice_paid", 409, "This invoice is paid. Refund the payment: the credit note follows by itself.");
    public static readonly Refusal InvoicePartlyCredited = new("invoice_partly_credited", 409, "A part of this invoice was taken back already; it can no longer be corrected as a whole.");
    public static readonly Refusal InvoiceSumChanged = new("invoice_sum_changed", 422, "A correction changes words, taxes and names, not the sum given here. Void the invoice or refund the difference instead.");
    public static readonly Refusal DepositNotUsable = new("deposit_not_usable", 409, "Only a paid deposit invoice between the same two, in the same currency, can be taken off, once, and from a larger sum.");
    public static readonly Refusal InvoiceFileWaiting = new("invoice_file_waiting", 409, "The file is still being made. Try again in a moment.") { RetryAfterSeconds = 10 };
    public static readonly Refusal InvoiceErased = new("invoice_erased", 410, "The buyer's data was erased; number, amount and hash are kept.");
    // Saved methods
    public static readonly Refusal SavedMethodNotFound = new("saved_method_not_found", 404, "There is no saved payment method here that you may see.");
    public static readonly Refusal SavedMethodRemoved = new("saved_method_removed", 409, "This card was removed. Nothing was charged. Choose another one, or pay on the payment page.");
    public static readonly Refusal SavedMethodExpired = new("saved_method_expired", 409, "This card has expired. Nothing was charged. Remove it, pay on the payment page, and keep the new one there.");
    public static readonly Refusal SavedMethodElsewhere = new("saved_method_elsewhere", 422, "This card is kept by a company that does not take this payment. Nothing was charged. Pay on the payment page.");
    public static readonly Refusal SavedMethodBlocked = new("saved_method_blocked", 409, "This account is suspended, so nothing is charged to its cards. Write to us if you think that this is a mistake.");
    public static readonly Refusal SavedMethodRefused = new("saved_method_refused", 422, "Your card was refused; the reason is given here. Nothing was charged. Choose another card, or pay on the payment page.");
    public static readonly Refusal SavedMethodNotPossible = new("saved_method_not_possible", 422, "The payment company of this currency keeps no cards. Pay without keeping yours.");
    public static readonly Refusal SavedMethodsFull = new("saved_methods_full", 409, "No more cards can be kept. Remove one first, or pay without keeping this one.");
    // risk
    public static readonly Refusal PaymentInReview = new("payment_in_review", 409, "Our staff looks at this payment first. Nothing was charged; your place is kept until the time given here, and we write to you.");
    public static readonly Refusal PaymentNotAccepted = new("payment_not_accepted", 422, "We cannot take this payment online. Nothing was charged. Write to us if you think that this is a mistake.");
    public static readonly Refusal ReviewNotFound = new("review_not_found", 404, "This order does not wait for anybody.");
    public static readonly Refusal ReviewDecided = new("review_decided", 409, "Somebody has decided on this order already; how is given here.");
    public static readonly Refusal ReviewOwn = new("review_own", 403, "Nobody decides on an order of their own. Ask a colleague.");
    public static readonly Refusal DecisionNotFound = new("risk_decision_not_found", 404, "There is no such decision.");
    public static readonly Refusal BlockInvalid = new("risk_block_invalid", 422, "Give an account's id, an e-mail address, or an address or network of at least /8, and an end in the future or none.");
    public static readonly Refusal BlockExists = new("risk_block_exists", 409, "This is on the block list already. Remove that entry first.");
    public static readonly Refusal BlockNotFound = new("risk_block_not_found", 404, "There is no such entry.");
}
