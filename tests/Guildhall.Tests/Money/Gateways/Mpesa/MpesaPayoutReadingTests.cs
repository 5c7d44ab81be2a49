using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.Mpesa;

namespace Guildhall.Tests.Money.Gateways.Mpesa;

/// <summary>What messages about payouts say, in whatever shape they come.</summary>
[Covers("M-14", "money-88")]
public sealed class MpesaPayoutReadingTests
{
    private static readonly PayoutId Payout = new(Guid.CreateVersion7());
    private static readonly Amount Asked = new(85_000, MpesaAmounts.Kes);

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text.Replace("OURS", Payout.ToString(), StringComparison.Ordinal));

    private static PayoutFact? Result(string text) => MpesaPayoutReading.Result(Payout, Asked, Json(text));

    private static PayoutFact? Status(string text, double hours = 1) => MpesaPayoutReading.Status(Payout, Asked, Json(text), TimeSpan.FromHours(hours), ["R000002"]);

    [Theory]
    [InlineData("""{"Result":{"ResultCode":0,"TransactionID":"SKE52PAWR9","ResultParameters":{"ResultParameter":[{"Key":"TransactionAmount","Value":850}]}}}""")]
    [InlineData("""{"Result":{"ResultCode":"0","OriginatorConversationID":"OURS","TransactionID":"SKE52PAWR9","ResultParameters":{"ResultParameter":{"Key":"TransactionAmount","Value":"850.00"}}}}""")]
    [InlineData("""{"Result":{"ResultCode":0,"TransactionID":"SKE52PAWR9"}}""")]
    public void Zero_is_paid_with_the_amount_that_was_told(string text) => Result(text).ShouldBe(new PayoutFact(Payout, PayoutFactState.Completed, Asked, null, "SKE52PAWR9", Final: true));

    [Theory, InlineData("849", 84_900), InlineData("many", 0), InlineData("8,50", 0), InlineData("-850", 0)]
    public void Another_amount_or_none_that_can_be_read_is_never_taken_for_ours(string told, long minor)
    {
        var fact = Result("""{"Result":{"ResultCode":0,"ResultParameters":{"ResultParameter":[{"Key":"TransactionAmount","Value":"MUCH"}]}}}""".Replace("MUCH", told, StringComparison.Ordinal))!;
        fact.Amount.ShouldNotBe(Asked);
        if (minor > 0) fact.Amount.Minor.ShouldBe(minor);
    }

    [Theory]
    [InlineData("""{"Result":{"ResultCode":1,"ResultDesc":"The balance is insufficient.","TransactionID":"X1"}}""", null)]
    [InlineData("""{"Result":{"ResultCode":"2040","ResultDesc":"Not registered.","TransactionID":"X1"}}""", "X1")]
    [InlineData("""{"Result":{"ResultCode":"SFC_IC0003","ResultDesc":"No operator.","TransactionID":"X1"}}""", "X1")]
    public void Another_code_has_failed_and_blames_the_number_only_when_it_says_so(string text, string? reference)
    {
        var fact = Result(text)!;
        (fact.State, fact.Reference).ShouldBe((PayoutFactState.Failed, reference));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Result":7}""")]
    [InlineData("""{"Result":{}}""")]
    [InlineData("""{"Result":{"ResultCode":{}}}""")]
    [InlineData("""{"Result":{"ResultCode":0,"OriginatorConversationID":"another"}}""")]
    [InlineData("""{"Result":{"ResultCode":21,"ResultDesc":"The service request is processed successfully."}}""")]
    [InlineData("""{"Result":{"ResultCode":1,"ResultDesc":"Duplicate request."}}""")]
    public void What_is_unclear_says_nothing(string text) => Result(text).ShouldBeNull();

    [Theory]
    [InlineData("Completed", PayoutFactState.Completed), InlineData("Reversed", PayoutFactState.Failed), InlineData("Failed", PayoutFactState.Failed), InlineData("Cancelled", PayoutFactState.Failed)]
    [InlineData("Expired", PayoutFactState.Failed), InlineData("Declined", PayoutFactState.Failed), InlineData("Authorized", null), InlineData("", null)]
    public void The_state_says_what_became_of_it(string state, PayoutFactState? became) =>
        (Status("""{"Result":{"ResultCode":0,"ResultParameters":{"ResultParameter":[{"Key":"TransactionStatus","Value":"STATE"},{"Key":"Amount","Value":850},{"Key":"ReceiptNo","Value":"SKE52PAWR9"}]}}}"""
            .Replace("STATE", state, StringComparison.Ordinal))?.State).ShouldBe(became);

    [Fact]
    public void The_state_of_another_payout_says_nothing() => Status("""
        {"Result":{"ResultCode":0,"ResultParameters":{"ResultParameter":[{"Key":"TransactionStatus","Value":"Completed"},{"Key":"OriginatorConversationID","Value":"another"}]}}}
        """).ShouldBeNull();

    [Theory, InlineData("R000002", 23, false), InlineData("R000002", 25, true), InlineData("2001", 25, false), InlineData("1", 25, false)]
    public void Only_a_code_that_was_named_and_only_after_a_day_says_that_it_was_not_made(string code, double hours, bool failed) =>
        (Status($$$"""{"Result":{"ResultCode":"{{{code}}}","ResultDesc":"?"}}""", hours)?.State is PayoutFactState.Failed).ShouldBe(failed);
}
