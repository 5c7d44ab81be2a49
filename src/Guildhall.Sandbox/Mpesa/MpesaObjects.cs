namespace Guildhall.Sandbox.Mpesa;

/// <summary>A question on somebody's phone. No result yet: it is still there. Amounts are whole shillings.</summary>
internal sealed record MpesaPrompt(
    string Checkout, string Merchant, string Phone, long Amount, string Account, string Callback, DateTimeOffset At, int? ResultCode = null, string? ResultDesc = null, string? Receipt = null,
    bool Reversed = false)
{
    public static string KeyOf(string receipt) => "receipt:" + receipt;
}

/// <summary>Money sent to a phone under the sender's own id of it.</summary>
internal sealed record MpesaPayout(string Originator, string Conversation, string Phone, long Amount, string ResultUrl, DateTimeOffset At, string ResultCode = "", string ResultDesc = "", string? Receipt = null, bool Reversed = false);

/// <summary>Money that was asked back.</summary>
internal sealed record MpesaReversal(string Conversation, string Receipt, long Amount, string ResultCode, string ResultDesc);
