using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Approvals;

/// <summary>(none) → pending. For use cases that need a second person; they check what they can before they propose.</summary>
internal static class ProposeApproval
{
    /// <param name="facts">What is to be done; read back by the act of this kind.</param>
    /// <param name="subject">What it is done to: one proposal of a kind may be open for it.</param>
    public static async Task<Result<ApprovalId>> Run(Transaction tx, Caller caller, string kind, string subject, object facts, Amount? amount, string reason)
    {
        if (reason is not { Length: >= 1 and <= 500 }) return MoneyRefusals.ReasonMissing;
        var id = caller.OperationId is { } operation ? new ApprovalId(operation) : tx.NewId<ApprovalId>();
        var made = await tx.ChangeNow(Insert, new
        {
            id, kind, subject, facts = new Jsonb(facts), currency = amount?.Currency, minor = amount?.Minor, reason, by = caller.AccountId, now = tx.Now,
        });
        if (made == 0) return await tx.Find<ApprovalId?>("select id from money.approvals where id = @id", new { id }) is { } mine ? mine : MoneyRefusals.ApprovalWaiting;
        await tx.Audit(caller, "approval.proposed", "approval", id.ToString(), after: new { kind, subject, amount, facts }, why: reason);
        return id;
    }

    /// <summary>Proposes in a transaction of its own and answers what stands then; the work checks first and calls <see cref="Run"/>.</summary>
    public static async Task<Result<ApprovalView>> In(Database database, Func<Transaction, Task<Result<ApprovalId>>> work, CancellationToken stop)
    {
        var proposed = await database.InTransaction(work, stop);
        return proposed.Is(out var id, out var refusal) ? (await Approval.Find(database, id, stop))!.ToView() : refusal;
    }

    private const string Insert = """
        insert into money.approvals (id, kind, subject, facts, currency, minor, reason, asked_by, asked_at)
        values (@id, @kind, @subject, @facts, @currency, @minor, @reason, @by, @now) on conflict do nothing
        """;
}
