using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Disputes;

/// <summary>Gives a dispute up: it is lost without a fight. The wish is kept and a job tells the gateway; what becomes of it is learned like everything else.</summary>
public static class AcceptDispute
{
    public sealed record Body(string Reason);

    internal static void Map(IEndpointRouteBuilder disputes) => disputes
        .MapPost("/{id}/accept", async (DisputeId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body.Reason, stop)).ToHttp(success: 202))
        .WithName(nameof(AcceptDispute)).Requires(MoneyPermissions.DisputeManage).Idempotent().Produces<DisputeView>(202);

    public static async Task<Result<DisputeView>> Run(Database database, Caller caller, DisputeId id, string reason, CancellationToken stop)
    {
        if (reason is not { Length: >= 1 and <= 500 }) return MoneyRefusals.ReasonMissing;
        var asked = await database.InTransaction<Result<Done>>(async tx =>
        {
            var dispute = await Disputes.Lock(tx, id);
            if (dispute is null) return MoneyRefusals.DisputeNotFound;
            if (dispute.AcceptAskedAt is not null) return default(Done);
            if (!dispute.IsOpen) return MoneyRefusals.DisputeClosed;
            await tx.ChangeOne("update money.disputes set accept_asked_at = @now, accept_asked_by = @by where id = @id and accept_asked_at is null", new { id, by = caller.AccountId, now = tx.Now });
            await Timeline.Note(tx, caller, dispute.PaymentId, "dispute_accept_asked", new { dispute = id, reason });
            await tx.Audit(caller, "dispute.accept_asked", "dispute", id.ToString(), before: new { dispute.State }, why: reason);
            await tx.Enqueue(new CloseDispute(id), uniqueKey: id.ToString());
            return default(Done);
        }, stop);
        return asked.Granted ? (await Disputes.Find(database, id, stop))!.ToView() : asked.Refusal;
    }
}

/// <summary>Tells the gateway that a dispute is given up; repeated under one key, and needless once it is decided.</summary>
public sealed record CloseDispute(DisputeId Dispute) : IJob
{
    public static string Kind => "close_dispute";

    internal static async Task Run(JobContext context, CloseDispute job)
    {
        var dispute = await Disputes.Find(context.Database, job.Dispute, context.Stop);
        if (dispute is not { IsOpen: true }) return;
        var desks = context.Get<DisputeDesks>();
        var gateways = context.Get<GatewayBook>();
        var outcome = await CheckDispute.Ask(context.Database, desks, gateways, dispute.Gateway, dispute.GatewayRef, context.Stop, () => desks.Of(dispute.Gateway).Accept(dispute.GatewayRef, dispute.Id, context.Stop));
        // Refused: decided meanwhile, or not to be closed. The gateway says how it stands.
        if (outcome == CheckDispute.Outcome.NotOurs) outcome = await CheckDispute.Ask(context.Database, desks, gateways, dispute.Gateway, dispute.GatewayRef, context.Stop);
        if ((await Disputes.Find(context.Database, job.Dispute, context.Stop))!.IsOpen) throw new RunAgainException(TimeSpan.FromSeconds(outcome == CheckDispute.Outcome.Settled ? 3600 : 30));
    }
}
