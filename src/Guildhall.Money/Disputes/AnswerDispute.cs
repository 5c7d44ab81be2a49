using System.Text.Json;
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

/// <summary>Staff answer a dispute: the text is kept and a job submits it once. The gateway takes one answer; what it refuses makes room for another.</summary>
public static class AnswerDispute
{
    private const int MaxField = 20_000;

    internal static void Map(IEndpointRouteBuilder disputes) => disputes
        .MapPost("/{id}/evidence", async (DisputeId id, DisputeEvidence body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body, stop)).ToHttp(success: 202))
        .WithName(nameof(AnswerDispute)).Requires(MoneyPermissions.DisputeManage).Idempotent().Produces<DisputeView>(202);

    public static async Task<Result<DisputeView>> Run(Database database, Caller caller, DisputeId id, DisputeEvidence fields, CancellationToken stop)
    {
        if (fields.All.All(string.IsNullOrWhiteSpace) || fields.All.Any(text => text?.Length > MaxField)) return MoneyRefusals.EvidenceEmpty;
        var asked = await database.InTransaction(tx => Keep(tx, caller, id, fields), stop);
        return asked.Granted ? (await Disputes.Find(database, id, stop))!.ToView() : asked.Refusal;
    }

    private static async Task<Result<Done>> Keep(Transaction tx, Caller caller, DisputeId id, DisputeEvidence fields)
    {
        var evidence = caller.OperationId is { } operation ? new EvidenceId(operation) : tx.NewId<EvidenceId>();
        var dispute = await Disputes.Lock(tx, id);
        if (dispute is null) return MoneyRefusals.DisputeNotFound;
        if (await tx.Find<EvidenceId?>("select id from money.dispute_evidence where id = @evidence and dispute_id = @id", new { evidence, id }) is not null) return default(Done);
        if (!dispute.IsOpen || dispute.AcceptAskedAt is not null) return MoneyRefusals.DisputeClosed;
        if (dispute.Answered || dispute.State is DisputeState.UnderReview or DisputeState.WarningUnderReview) return MoneyRefusals.DisputeAnswered;
        if (dispute.DueAt <= tx.Now) return MoneyRefusals.DisputeTooLate.With(("dueAt", dispute.DueAt));
        await tx.ChangeOne("""
            insert into money.dispute_evidence (id, dispute_id, state, fields, submitted_by, created_at) values (@evidence, @id, 'sending', @fields, @by, @now)
            """, new { evidence, id, fields = new Jsonb(fields), by = caller.AccountId, now = tx.Now });
        await Timeline.Note(tx, caller, dispute.PaymentId, "dispute_answered", new { dispute = id, evidence });
        await tx.Audit(caller, "dispute.answered", "dispute", id.ToString(), after: new { evidence });
        await tx.Enqueue(new SendEvidence(evidence), uniqueKey: evidence.ToString());
        return default(Done);
    }
}

/// <summary>Submits an answer. After a lost one the gateway is asked whether it has our id before anything is repeated.</summary>
public sealed record SendEvidence(EvidenceId Evidence) : IJob
{
    public static string Kind => "send_evidence";

    private sealed record Row(EvidenceId Id, DisputeId DisputeId, string State, string Fields, int Checks, string Gateway, string GatewayRef);

    internal static async Task Run(JobContext context, SendEvidence job)
    {
        var row = await context.Database.Find<Row>("""
            select e.id, e.dispute_id, e.state, e.fields::text as fields, e.checks, d.gateway, d.gateway_ref from money.dispute_evidence e join money.disputes d on d.id = e.dispute_id where e.id = @Evidence
            """, new { job.Evidence }, context.Stop);
        if (row is null || row.State is "submitted" or "refused") return;
        await context.Database.Change("update money.dispute_evidence set checks = checks + 1 where id = @Id", new { row.Id }, context.Stop);
        var disputes = context.Get<DisputeDesks>().Of(row.Gateway);

        var answer = row.Checks == 0 ? null : await disputes.Fetch(row.GatewayRef, context.Stop);
        var missing = answer is null || (answer is GatewayAnswer<DisputeFact>.Accepted(var known) && known.Evidence != row.Id);
        if (answer is null || missing)
            answer = await disputes.Submit(row.GatewayRef, row.Id, JsonSerializer.Deserialize<DisputeEvidence>(row.Fields, JsonRules.Options)!, context.Stop);
        await Record(context, row, answer);
        if (answer is GatewayAnswer<DisputeFact>.Unknown) throw new RunAgainException(TimeSpan.FromSeconds(Math.Min(3600, 5 * Math.Pow(2, Math.Min(row.Checks, 10)))));
    }

    private static Task Record(JobContext context, Row row, GatewayAnswer<DisputeFact> answer) => context.Database.InTransaction(async tx =>
    {
        var (state, why) = answer switch
        {
            GatewayAnswer<DisputeFact>.Accepted => ("submitted", null),
            GatewayAnswer<DisputeFact>.Refused(var code, var text) => ("refused", $"{code}: {text}"),
            GatewayAnswer<DisputeFact>.Unknown(var lost) => ("unknown", lost),
            _ => throw new InvalidOperationException(),
        };
        var done = state is "submitted" ? tx.Now : (DateTimeOffset?)null;
        if (await tx.ChangeNow("update money.dispute_evidence set state = @state, failure_text = @why, submitted_at = @done where id = @Id and state in ('sending', 'unknown')", new { row.Id, state, why, done }) == 0) return;
        var payment = await tx.Get<PaymentId>("select payment_id from money.disputes where id = @DisputeId", new { row.DisputeId });
        await Timeline.Note(tx, CheckDispute.Source, payment, "dispute_answer_" + state, new { dispute = row.DisputeId, evidence = row.Id, why });
        if (state is "submitted") await tx.Enqueue(new CheckDispute(row.Gateway, row.GatewayRef), uniqueKey: row.Id.ToString());
    }, context.Stop);
}
