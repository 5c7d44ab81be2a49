using Guildhall.Foundation.Security;

namespace Guildhall.Money;

/// <summary>What staff may be allowed to do with money.</summary>
public static class MoneyPermissions
{
    public static readonly Permission PaymentView = new("payment.view", "See every payment, its timeline and its ledger lines");
    public static readonly Permission PaymentRefund = new("payment.refund", "Refund a payment");
    public static readonly Permission PaymentResolve = new("payment.resolve", "Decide what becomes of money and messages that were set aside");
    public static readonly Permission PaymentCapture = new("payment.capture", "Take money that is held, or let it go");
    public static readonly Permission ApprovalDecide = new("approval.decide", "See and decide on what colleagues proposed, each with the permission of its kind");
    public static readonly Permission SettlementRecord = new("settlement.record", "Record and approve money that came or went by hand");
    public static readonly Permission FeeEdit = new("fee.edit", "Change what the platform takes of later sales");
    public static readonly Permission WithdrawalView = new("withdrawal.view", "See every withdrawal");
    public static readonly Permission WithdrawalDecide = new("withdrawal.decide", "Approve or reject withdrawals of others");

    // Reconciliation
    public static readonly Permission ReconciliationView = new("reconciliation.view", "See reconciliation runs, exceptions and how the gateways do");
    public static readonly Permission ReconciliationRun = new("reconciliation.run", "Give in reports, start runs, set the fees and rows that are expected");
    public static readonly Permission ReconciliationResolve = new("reconciliation.resolve", "Assign, comment and explain exceptions");
    // ledger
    public static readonly Permission LedgerView = new("ledger.view", "See the books: trial balance, accounts, periods, seal");
    public static readonly Permission LedgerClose = new("ledger.close", "Close a month of the books for ever");
    public static readonly Permission LedgerConvert = new("ledger.convert", "Record exchange rates and convert the platform's own money");
    // Disputes and balances
    public static readonly Permission DisputeManage = new("dispute.manage", "Answer or accept disputes");
    public static readonly Permission OrderHold = new("order.hold", "Hold the money of an order back after a complaint, and end a hold");
    public static readonly Permission DebtWriteOff = new("debt.write_off", "Propose or confirm that a provider's debt is given up");
    public static readonly Permission InvoiceView = new("invoice.view", "See every invoice, credit note and receipt");
    public static readonly Permission InvoiceIssue = new("invoice.issue", "Issue, correct and void invoices");
    public static readonly Permission RiskReview = new("risk.review", "See risk decisions, decide on payments that wait for a person, and keep the block list");
}
