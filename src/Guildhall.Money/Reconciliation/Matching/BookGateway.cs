using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Money.Ledger;

namespace Guildhall.Money.Reconciliation.Matching;

/// <summary>What a gateway kept, booked once for the lines that carry the journal's name: the expected part as a fee, the rest as variance.</summary>
internal static class GatewayFees
{
    public static Task Book(Transaction tx, string reference, Amount actual, Amount expected)
    {
        var journal = new Journal($"{reference}", "gateway_fee");
        Move(journal, expected, Ledger.Book.Platform(AccountKind.GatewayFees));
        Move(journal, actual - expected, Ledger.Book.Platform(AccountKind.FeeVariance));
        return journal.Post(tx);
    }

    // A negative fee is one that the gateway gave back.
    private static void Move(Journal journal, Amount amount, (AccountKind, Guid?) account) =>
        _ = amount.Minor >= 0 ? journal.Move(amount, debit: account, credit: Ledger.Book.Clearing) : journal.Move(-amount, debit: Ledger.Book.Clearing, credit: account);

}

/// <summary>What a gateway sent to our bank leaves its clearing when the gateway says so; that the bank has it is looked for on the bank's statement.</summary>
internal static class GatewaySettlements
{
    public static Task Book(Transaction tx, string source, Guid settlement, Amount amount) =>
        new Journal($"gateway_settled:{source}:{settlement:n}", "gateway_settled").Move(amount, debit: Ledger.Book.Platform(AccountKind.Bank), credit: Ledger.Book.Clearing).Post(tx);

    public static Task BookBack(Transaction tx, string source, Guid settlement, Amount amount) =>
        new Journal($"gateway_settled_back:{source}:{settlement:n}", "gateway_settled_back").Move(amount, debit: Ledger.Book.Clearing, credit: Ledger.Book.Platform(AccountKind.Bank)).Post(tx);
}
