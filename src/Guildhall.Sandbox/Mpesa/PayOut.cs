using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Mpesa;

/// <summary>Sends money to a phone, once for each id of the sender's, and answers questions about that. Both are told at the ResultURL, later and once.</summary>
internal static class PayOut
{
    public static void Run(World world, MpesaPayout asked, bool mayAsk)
    {
        var (code, says) = (mayAsk, world.Faults.FailPayouts) switch
        {
            (false, _) => ("2001", "The initiator information is invalid."),
            (_, PayoutFault.Fail) => ("2040", "Credit Party customer type (Unregistered or Registered Customer) can't be supported by the service."),
            (_, PayoutFault.NoMoney) => ("1", "The balance is insufficient for the transaction."),
            _ => ("0", "The service request is processed successfully."),
        };
        var payout = asked with { ResultCode = code, ResultDesc = says, Receipt = code == "0" ? Stripe.Ids.New("", 10).ToUpperInvariant() : null };
        world.MpesaPayouts.Put(payout);
        Tell(world, payout);
    }

    public static void Tell(World world, MpesaPayout payout) => MoveBack.Tell(world, payout.ResultUrl, payout.ResultCode, payout.ResultDesc, payout.Originator, payout.Conversation, payout.Receipt ?? "0000000000",
        payout.Receipt is { } receipt
            ? [("TransactionAmount", JsonValue.Create(payout.Amount)), ("TransactionReceipt", receipt), ("ReceiverPartyPublicName", $"{payout.Phone} - SANDBOX"), ("B2CRecipientIsRegisteredCustomer", "Y")]
            : []);

    public static void Status(World world, string conversation, string originator, MpesaPayout? payout, bool mayAsk, string resultUrl)
    {
        if (!mayAsk || payout is null) MoveBack.Tell(world, resultUrl, mayAsk ? "R000002" : "2001", "The request is invalid.", originator, conversation, "0000000000", []);
        else
        {
            MoveBack.Tell(world, resultUrl, "0", "The service request is processed successfully.", originator, conversation, "0000000000",
                [("ReceiptNo", payout.Receipt ?? ""), ("TransactionStatus", payout.Reversed ? "Reversed" : payout.Receipt is null ? "Failed" : "Completed"), ("Amount", JsonValue.Create(payout.Amount)),
                    ("OriginatorConversationID", payout.Originator)]);
        }
    }
}
