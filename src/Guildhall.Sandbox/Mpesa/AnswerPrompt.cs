using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe;
using Guildhall.Sandbox.Webhooks;

namespace Guildhall.Sandbox.Mpesa;

internal enum PromptOutcome { Pay, WrongPin, NoMoney, Cancel, Lapse }

/// <summary>What the customer does with the question on the phone; the merchant is told once.</summary>
internal static class AnswerPrompt
{
    public static bool Run(World world, string checkout, PromptOutcome outcome)
    {
        if (world.MpesaPrompts.Find(checkout) is not { ResultCode: null } prompt) return false;
        world.Agenda.Cancel(TimerKind.LapsePrompt, checkout);
        if (outcome == PromptOutcome.Pay && world.Faults.DeclineNext is > 0 and var declines)
        {
            world.FaultSettings.Put(world.Faults with { DeclineNext = declines - 1 });
            outcome = PromptOutcome.NoMoney;
        }

        var (code, says) = outcome switch
        {
            PromptOutcome.Pay => (0, "The service request is processed successfully."),
            PromptOutcome.WrongPin => (2001, "The initiator information is invalid."),
            PromptOutcome.NoMoney => (1, "The balance is insufficient for the transaction."),
            PromptOutcome.Cancel => (1032, "Request cancelled by user"),
            _ => (1037, "DS timeout user cannot be reached"),
        };
        var answered = prompt with { ResultCode = code, ResultDesc = says, Receipt = code == 0 ? Ids.New("", 10).ToUpperInvariant() : null };
        world.MpesaPrompts.Put(answered);
        world.Say(new OutMessage(prompt.Callback, "application/json", Callback(answered, world.Now)));
        return true;
    }

    /// <summary>The callback's body. The metadata is there on success only, and the balance has a name without a value.</summary>
    public static byte[] Callback(MpesaPrompt prompt, DateTimeOffset now)
    {
        var call = new JsonObject
        {
            ["MerchantRequestID"] = prompt.Merchant, ["CheckoutRequestID"] = prompt.Checkout, ["ResultCode"] = prompt.ResultCode, ["ResultDesc"] = prompt.ResultDesc,
        };
        if (prompt.Receipt is not null)
        {
            call["CallbackMetadata"] = new JsonObject
            {
                ["Item"] = new JsonArray(
                    Item("Amount", prompt.Amount), Item("MpesaReceiptNumber", prompt.Receipt), new JsonObject { ["Name"] = "Balance" },
                    Item("TransactionDate", long.Parse(Stamp(now), CultureInfo.InvariantCulture)), Item("PhoneNumber", long.Parse(prompt.Phone, CultureInfo.InvariantCulture))),
            };
        }

        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["Body"] = new JsonObject { ["stkCallback"] = call } });
    }

    public static string Stamp(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(3)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    private static JsonObject Item(string name, JsonNode value) => new() { ["Name"] = name, ["Value"] = value };
}
