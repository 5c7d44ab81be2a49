using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Payouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Withdrawals;

/// <summary>Approves or rejects many withdrawals, each as <see cref="ApproveWithdrawal"/> or <see cref="RejectWithdrawal"/> does one, with all that they refuse: one's own, one that changed
/// since it was shown, one that needs another person.</summary>
public static class DecideWithdrawals
{
    public enum Act { Approve, Reject }

    /// <param name="Revision">The revision that was shown.</param>
    public sealed record Row(WithdrawalId Id, int Revision);

    /// <param name="Rows">1 to 100, none twice.</param>
    /// <param name="Reason">1 to 500 characters, which each provider reads; only to reject, and not needed in a dry run.</param>
    public sealed record Body(Act Act, IReadOnlyList<Row> Rows, bool DryRun, string? Reason = null);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/withdrawals/bulk", async (Body body, Caller caller, Database database, Rails rails, CancellationToken stop) => (await Run(database, rails, caller, body, stop)).ToHttp())
        .WithName(nameof(DecideWithdrawals)).Requires(MoneyPermissions.WithdrawalDecide).Idempotent().Produces<BulkAnswer>();

    public static async Task<Result<BulkAnswer>> Run(Database database, Rails rails, Caller caller, Body body, CancellationToken stop)
    {
        if (!Bulk.Fits(body.Rows, r => r.Id)) return FoundationRefusals.BulkRows;
        var reason = body is { DryRun: true, Reason: null } ? "Dry run." : body.Reason ?? "";
        if (body.Act == Act.Reject && reason is not { Length: >= 1 and <= 500 }) return MoneyRefusals.ReasonMissing;
        return await Bulk.Run(database, body.DryRun, body.Rows, r => r.Id.ToString(), async (tx, row) => (body.Act switch
        {
            Act.Approve => await ApproveWithdrawal.Decide(tx, rails, caller, row.Id, row.Revision),
            Act.Reject => await RejectWithdrawal.Decide(tx, caller, row.Id, row.Revision, reason),
        }).Refusal, stop);
    }
}
