using System.Text.Json;
using Guildhall.Foundation;
using static Guildhall.Money.Gateways.Mpesa.MpesaReading;

namespace Guildhall.Money.Gateways.Mpesa;

/// <summary>What M-Pesa's messages about payouts mean to us.</summary>
internal static class MpesaPayoutReading
{
    /// <summary>How long a payout may be under way before its absence means that it was not made.</summary>
    private static readonly TimeSpan Arrives = TimeSpan.FromDays(1);

    /// <summary>The result of a payout: only zero is a success; a failure that speaks of success, or of a request that was made before, says nothing.</summary>
    public static PayoutFact? Result(PayoutId payout, Amount asked, JsonElement root)
    {
        if (!TryGet(root, "Result", out var result) || MpesaApi.Text(result, "ResultCode") is not { } code) return null;
        if (MpesaApi.Text(result, "OriginatorConversationID") is { } about && !string.Equals(about, payout.ToString(), StringComparison.Ordinal)) return null;
        var text = MpesaApi.Sentence(result, "ResultDesc") ?? "";
        if (code is "0") return new PayoutFact(payout, PayoutFactState.Completed, Told(result, "TransactionAmount", asked), null, Name(MpesaApi.Text(result, "TransactionID")), Final: true);
        if (Speaks(text, "success") || Speaks(text, "already") || Speaks(text, "duplicate")) return null;
        // These two say that nobody can be paid at this number.
        return new PayoutFact(payout, PayoutFactState.Failed, asked, null, code is "2040" or "SFC_IC0003" ? Name(MpesaApi.Text(result, "TransactionID")) : null, $"{code}: {text}", Final: true);
    }

    /// <summary>The state of a payout that was asked for: whether it was made, taken back by a person over there, or, a day later, is not known there. Anything else says nothing.</summary>
    public static PayoutFact? Status(PayoutId payout, Amount asked, JsonElement root, TimeSpan age, IReadOnlyList<string> notFound)
    {
        if (!TryGet(root, "Result", out var result) || MpesaApi.Text(result, "ResultCode") is not { } code) return null;
        if (code is not "0")
            return age > Arrives && notFound.Contains(code, StringComparer.Ordinal) ? new PayoutFact(payout, PayoutFactState.Failed, asked, null, null, "M-Pesa has not made it within a day.", Final: true) : null;
        if (!TryGet(result, "ResultParameters", out var all) || Items(all, "ResultParameter", "Key") is not { } told || told.GetValueOrDefault("TransactionStatus") is not { } state) return null;
        if (told.GetValueOrDefault("OriginatorConversationID") is { } about && !string.Equals(about, payout.ToString(), StringComparison.Ordinal)) return null;
        var receipt = Name(told.GetValueOrDefault("ReceiptNo"));
        if (Speaks(state, "complete")) return new PayoutFact(payout, PayoutFactState.Completed, Told(result, "Amount", asked), null, receipt, Final: true);
        return Speaks(state, "revers") || Speaks(state, "fail") || Speaks(state, "cancel") || Speaks(state, "declin") || Speaks(state, "expire")
            ? new PayoutFact(payout, PayoutFactState.Failed, asked, null, null, $"M-Pesa says {state}.", Final: true) : null;
    }

    // An amount that cannot be read is none that was asked for: it is set aside.
    private static Amount Told(JsonElement result, string name, Amount asked)
    {
        if (!TryGet(result, "ResultParameters", out var all) || Items(all, "ResultParameter", "Key")?.GetValueOrDefault(name) is not { } text) return asked;
        return MpesaAmounts.TryRead(text, out var amount) ? amount : Amount.Zero(MpesaAmounts.Kes);
    }

    private static string? Name(string? text) => MpesaReference.IsName(text) ? text : null;
}
