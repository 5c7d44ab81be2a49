using System.Text.Json.Nodes;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>Disputes at the virtual gateway. What it took and gave back stands in the balance transactions of each.</summary>
internal sealed partial class VirtualStripe
{
    private const long DisputeFee = 150;

    /// <summary>The customer's bank takes money back, and the gateway a fee.</summary>
    public void Disputes(JsonObject intent, long minor)
    {
        lock (_lock)
        {
            if (minor <= 0 || Gone(intent) + minor > Number(intent, "amount_received")) return;
            Emitted(New("dispute", new()
            {
                ["payment_intent"] = Text(intent, "id"), ["amount"] = minor, ["currency"] = Text(intent, "currency"), ["status"] = "needs_response", ["reason"] = "fraudulent",
                ["metadata"] = new JsonObject(), ["evidence_details"] = new JsonObject { ["due_by"] = clock.GetUtcNow().AddDays(7).ToUnixTimeSeconds() },
                ["balance_transactions"] = new JsonArray(Moved(intent, -minor, DisputeFee)),
            }), "charge.dispute.created");
        }
    }

    /// <summary>The bank decides: won gives money and fee back, lost leaves both with it. It may think again after it was lost.</summary>
    public void Decides(JsonObject dispute, bool won)
    {
        lock (_lock)
        {
            if (Text(dispute, "status") is "won" || !won && Text(dispute, "status") is "lost") return;
            if (won) ((JsonArray)dispute["balance_transactions"]!).Add(Moved(dispute, Number(dispute, "amount"), -DisputeFee));
            Set(dispute, won ? "won" : "lost", "charge.dispute.closed");
        }
    }

    private static JsonObject Moved(JsonObject of, long amount, long fee) => new() { ["amount"] = amount, ["fee"] = fee, ["currency"] = Text(of, "currency") };

    // What is not there any more to be refunded or disputed.
    private long Gone(JsonObject intent) => All("refund").Where(r => Text(r, "payment_intent") == Text(intent, "id") && Text(r, "status") is not "failed").Sum(r => Number(r, "amount"))
        + All("dispute").Where(d => Text(d, "payment_intent") == Text(intent, "id") && Text(d, "status") is not "won").Sum(d => Number(d, "amount"));

    private JsonObject WithIntent(JsonObject dispute)
    {
        var copy = (JsonObject)dispute.DeepClone();
        copy["payment_intent"] = Find("payment_intent", Text(dispute, "payment_intent")!)!.DeepClone();
        return copy;
    }

    private (JsonObject, int) Answered(JsonObject dispute, Dictionary<string, string> form)
    {
        if (Text(dispute, "status") is not "needs_response") return (Error("invalid_request_error", "It was answered or decided."), 400);
        dispute["metadata"] = Metadata(form);
        Set(dispute, "under_review", "charge.dispute.updated");
        return (WithIntent(dispute), 200);
    }

    private (JsonObject, int) GivenUp(JsonObject dispute)
    {
        if (Text(dispute, "status") is "won" or "lost") return (Error("invalid_request_error", "It was decided."), 400);
        Decides(dispute, won: false);
        return (WithIntent(dispute), 200);
    }
}
