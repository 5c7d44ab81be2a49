using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Approvals;

/// <summary>pending → approved, with the act in the same transaction, or rejected. Never by who proposed it, nor by a second account of that
/// person, nor once who proposed it may not any more. An act that refuses leaves the proposal pending.</summary>
public static class DecideApproval
{
    public sealed record Body(string? Said = null);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapPost("/approvals/{id}/actions/approve", async (ApprovalId id, Body body, Caller caller, Database database, ApprovalBook book, CancellationToken stop) =>
            (await Run(database, book, caller, id, ApprovalState.Approved, body.Said, stop)).ToHttp()).WithName("ApproveProposal").Requires(MoneyPermissions.ApprovalDecide).Idempotent().Produces<ApprovalView>();
        admin.MapPost("/approvals/{id}/actions/reject", async (ApprovalId id, Body body, Caller caller, Database database, ApprovalBook book, CancellationToken stop) =>
            (await Run(database, book, caller, id, ApprovalState.Rejected, body.Said, stop)).ToHttp()).WithName("RejectProposal").Requires(MoneyPermissions.ApprovalDecide).Idempotent().Produces<ApprovalView>();
        admin.MapPost("/approvals/{id}/actions/withdraw", async (ApprovalId id, Caller caller, Database database, ApprovalBook book, CancellationToken stop) =>
            (await Run(database, book, caller, id, ApprovalState.Withdrawn, null, stop)).ToHttp()).WithName("WithdrawProposal").Requires(MoneyPermissions.ApprovalDecide).Idempotent().Produces<ApprovalView>();
    }

    public static async Task<Result<ApprovalView>> Run(Database database, ApprovalBook book, Caller caller, ApprovalId id, ApprovalState to, string? said, CancellationToken stop)
    {
        if (said is { Length: 0 or > 500 } || (to == ApprovalState.Rejected && said is null)) return MoneyRefusals.ReasonMissing;
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            var approval = await tx.Find<Approval>($"select {Approval.Columns} from money.approvals a where a.id = @id for update", new { id });
            if (approval is null || !caller.May(book.Of(approval.Kind).Permission)) return MoneyRefusals.ApprovalNotFound;
            var by = caller.AccountId!.Value;
            var own = await Accounts.AreOnePerson(tx, by, approval.AskedBy);
            if (own != (to == ApprovalState.Withdrawn)) return own ? MoneyRefusals.ApprovalOwn : MoneyRefusals.ApprovalNotYours;
            if (approval.State == to && approval.DecidedBy == by) return default(Done);
            if (approval.State != ApprovalState.Pending) return MoneyRefusals.ApprovalDecided;

            if (to == ApprovalState.Approved && await Accounts.MayNoLonger(tx, approval.AskedBy, book.Of(approval.Kind).Permission)) return MoneyRefusals.ApprovalLapsed;
            await tx.ChangeOne("update money.approvals set state = @to, decided_by = @by, decided_at = @now, said = @said where id = @id and state = 'pending'",
                new { id, to, by, said, now = tx.Now });
            await tx.Audit(caller, "approval." + Names.Of(to), "approval", id.ToString(), before: new { approval.Kind, approval.Subject }, after: new { state = to }, why: said);
            return to == ApprovalState.Approved ? await book.Of(approval.Kind).Act(tx, caller, approval) : default(Done);
        }, stop);
        return done.Is(out _, out var refusal) ? (await Approval.Find(database, id, stop))!.ToView() : refusal;
    }
}
