using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

internal static class Disputes
{
    public static void Map(StripeApi api)
    {
        api.Get("/v1/disputes", List);
        api.Get("/v1/disputes/{id}", Find);
        api.Post("/v1/disputes/{id}", Answer, "evidence", "metadata", "submit");
        api.Post("/v1/disputes/{id}/close", Close);
    }

    private static Dispute Find(StripeCall call) => call.World.Disputes.Find(call.Id) ?? throw StripeRefusal.NoSuch("dispute", call.Id);

    private static object List(StripeCall call)
    {
        var key = call.Form.Text("payment_intent") is { } intent ? $"payment_intent:{intent}"
            : call.Form.Text("charge") is { } charge ? $"charge:{charge}" : null;
        return Page.Of(call.Form, "/v1/disputes", after => call.World.Disputes.NewestFirst(key, after), dispute => dispute.Created);
    }

    /// <summary>As in Stripe's test mode, the free text may decide: winning_evidence or losing_evidence.</summary>
    private static object Answer(StripeCall call)
    {
        var (world, dispute) = (call.World, Open(call));
        var evidence = dispute.Evidence.Concat(call.Form.Fields("evidence")).GroupBy(f => f.Key, StringComparer.Ordinal)
            .ToDictionary(f => f.Key, f => f.Last().Value, StringComparer.Ordinal);
        var metadata = dispute.Metadata.Concat(call.Form.Metadata()).GroupBy(m => m.Key, StringComparer.Ordinal)
            .ToDictionary(m => m.Key, m => m.Last().Value, StringComparer.Ordinal);
        var submits = call.Form.OneOf("submit", "true", "false") != "false";
        var details = dispute.EvidenceDetails;
        if (submits && (details.SubmissionCount > 0 || details.DueBy < world.UnixNow))
            throw StripeRefusal.State(null, "This dispute can no longer be answered.");
        var answered = dispute with
        {
            Evidence = evidence,
            Metadata = metadata,
            EvidenceDetails = details with { HasEvidence = evidence.Count > 0, SubmissionCount = details.SubmissionCount + (submits ? 1 : 0) },
        };
        world.Disputes.Put(answered);
        if (!submits)
        {
            Emit.Event(world, "charge.dispute.updated", answered, cause: call);
            return answered;
        }

        MoveDispute.Become(world, dispute.Id, dispute.Status.StartsWith("warning_", StringComparison.Ordinal) ? "warning_under_review" : "under_review");
        var text = evidence.GetValueOrDefault("uncategorized_text", "");
        if (text.Contains("winning_evidence", StringComparison.Ordinal)) MoveDispute.Become(world, dispute.Id, "won");
        if (text.Contains("losing_evidence", StringComparison.Ordinal)) MoveDispute.Become(world, dispute.Id, "lost");
        return world.Disputes.Find(dispute.Id)!;
    }

    private static object Close(StripeCall call)
    {
        var dispute = Open(call);
        MoveDispute.Become(call.World, dispute.Id, "lost");
        return Find(call);
    }

    private static Dispute Open(StripeCall call) => Find(call) is { Status: not ("won" or "lost" or "warning_closed") } open
        ? open
        : throw StripeRefusal.State(null, "This dispute is already closed.");
}
