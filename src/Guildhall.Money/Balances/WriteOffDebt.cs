using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Approvals;
using Guildhall.Money.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Balances;

/// <summary>A provider who owes and will not earn again: one member of staff proposes to give the debt up, another approves, and the platform bears it. At
/// most what is owed at the moment of the approval.</summary>
public static class WriteOffDebt
{
    public sealed record Body(Amount Amount, string Reason);

    internal sealed record Facts(Guid Provider, Amount Amount);

    internal static readonly ApprovalKind Approval = ApprovalKind.Of<Facts>("write_off", MoneyPermissions.DebtWriteOff, Act);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/providers/{provider:guid}/write-offs", async (Guid provider, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, provider, body, stop)).ToHttp(success: 202))
        .WithName(nameof(WriteOffDebt)).Requires(MoneyPermissions.DebtWriteOff).Idempotent().Produces<ApprovalView>(202);

    public static async Task<Result<ApprovalView>> Run(Database database, Caller caller, Guid provider, Body body, CancellationToken stop)
    {
        if (!body.Amount.IsPositive) return MoneyRefusals.AmountNotPositive;
        return await ProposeApproval.In(database, async tx =>
            Objection(await LockedBalance.Available(tx, provider, body.Amount.Currency), body.Amount) is { } objection ? objection
                : await ProposeApproval.Run(tx, caller, Approval.Kind, $"{provider}:{body.Amount.Currency.Code}", new Facts(provider, body.Amount), body.Amount, body.Reason), stop);
    }

    private static async Task<Result<Done>> Act(Transaction tx, Caller caller, Approval approval, Facts facts)
    {
        foreach (var person in new[] { caller.AccountId!.Value, approval.AskedBy })
            if (await Accounts.AreOnePerson(tx, person, facts.Provider)) return MoneyRefusals.WriteOffOwn;
        if ((await Post(tx, approval.Id.ToString(), facts.Provider, facts.Amount)).Refusal is { } refusal) return refusal;
        await tx.Audit(caller, "debt.written_off", "account", facts.Provider.ToString(), after: new { facts.Amount, approval = approval.Id }, why: approval.Reason);
        return default(Done);
    }

    internal static async Task<Result<Done>> Post(Transaction tx, string reference, Guid provider, Amount amount)
    {
        if (!amount.IsPositive) return MoneyRefusals.AmountNotPositive;
        if (Objection(await LockedBalance.Available(tx, provider, amount.Currency), amount) is { } objection) return objection;
        await new Journal($"write_off:{reference}", "write_off").Move(amount, debit: Book.Platform(AccountKind.WriteOffs), credit: Book.Available(provider)).Post(tx);
        return default(Done);
    }

    private static Refusal? Objection(Amount available, Amount amount) => -available < amount ? MoneyRefusals.WriteOffTooLarge.With(("owed", available with { Minor = Math.Max(0, -available.Minor) })) : null;
}
