using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Money.Refunds;

internal static class ReadRefunds
{
    private sealed record Row(RefundId Id, PaymentId PaymentId, RefundState State, Currency Currency, long Minor, string Reason, DateTimeOffset CreatedAt, DateTimeOffset? CompletedAt, string? FailureText)
    {
        public RefundView ToView() => new(Id, PaymentId, State, new Amount(Minor, Currency), Reason, CreatedAt, CompletedAt, FailureText);
    }

    public static async Task<RefundView?> Find(Database database, RefundId id, CancellationToken stop) =>
        (await database.Find<Row>($"{Select} where id = @id", new { id }, stop))?.ToView();

    public static async Task<IReadOnlyList<RefundView>> OfPayment(Database database, PaymentId payment, CancellationToken stop) =>
        [.. (await database.List<Row>($"{Select} where payment_id = @payment order by id limit 200", new { payment }, stop)).Select(r => r.ToView())];

    private const string Select = "select id, payment_id, state, currency, minor, reason, created_at, completed_at, failure_text from money.refunds";
}
