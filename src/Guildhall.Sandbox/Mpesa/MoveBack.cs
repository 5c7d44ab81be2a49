using System.Text.Json;
using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Webhooks;

namespace Guildhall.Sandbox.Mpesa;

/// <summary>Reverses a payment and answers questions about one. Both are told at the ResultURL, later and once.</summary>
internal static class MoveBack
{
    public static void Reverse(World world, string conversation, string originator, string receipt, long amount, bool mayAsk, string resultUrl)
    {
        var prompt = Find(world, receipt);
        var (code, says) = (mayAsk, prompt, world.Faults.FailRefunds) switch
        {
            (false, _, _) => ("2001", "The initiator information is invalid."),
            (_, null, _) => ("R000002", "The OriginalTransactionID is invalid."),
            (_, { Reversed: true }, _) => ("R000001", "The transaction has already been reversed."),
            (_, var paid, _) when paid.Amount != amount => ("R000004", "The amount is not that of the transaction."),
            (_, _, true) => ("1", "The balance is insufficient for the transaction."),
            _ => ("0", "The service request is processed successfully."),
        };
        world.MpesaReversals.Put(new MpesaReversal(conversation, receipt, amount, code, says));
        if (code == "0") world.MpesaPrompts.Put(prompt! with { Reversed = true });
        Tell(world, resultUrl, code, says, originator, conversation, code == "0" ? Stripe.Ids.New("", 10).ToUpperInvariant() : "0000000000",
            code == "0" ? [("Amount", JsonValue.Create(amount)), ("OriginalTransactionID", receipt)] : []);
    }

    public static void Status(World world, string conversation, string originator, string receipt, bool mayAsk, string resultUrl)
    {
        var prompt = mayAsk ? Find(world, receipt) : null;
        if (prompt is null) Tell(world, resultUrl, mayAsk ? "R000002" : "2001", "The request is invalid.", originator, conversation, "0000000000", []);
        else
        {
            Tell(world, resultUrl, "0", "The service request is processed successfully.", originator, conversation, "0000000000",
                [("ReceiptNo", receipt), ("TransactionStatus", prompt.Reversed ? "Reversed" : "Completed"), ("Amount", JsonValue.Create(prompt.Amount)), ("ReasonType", "Pay Bill Online")]);
        }
    }

    private static MpesaPrompt? Find(World world, string receipt) => world.MpesaPrompts.NewestFirst(MpesaPrompt.KeyOf(receipt)).FirstOrDefault();

    // Codes come as numbers where they are some, and as texts where they are not.
    public static void Tell(World world, string address, string code, string says, string originator, string conversation, string transaction, (string Key, JsonNode Value)[] parameters)
    {
        var result = new JsonObject
        {
            ["ResultType"] = 0, ["ResultCode"] = int.TryParse(code, out var number) ? number : code, ["ResultDesc"] = says, ["OriginatorConversationID"] = originator,
            ["ConversationID"] = conversation, ["TransactionID"] = transaction,
        };
        if (parameters.Length > 0)
            result["ResultParameters"] = new JsonObject { ["ResultParameter"] = new JsonArray([.. parameters.Select(p => new JsonObject { ["Key"] = p.Key, ["Value"] = p.Value })]) };
        world.Say(new OutMessage(address, "application/json", JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["Result"] = result })));
    }
}
