namespace Guildhall.Sandbox.PayPal;

/// <summary>A batch of one payout. <c>Status</c> is the item's; <c>BatchStatus</c> its batch's.</summary>
internal sealed record PayPalPayout(
    string Batch, string Item, string SenderBatch, string? SenderItem, string Receiver, string Currency, string Value, string Status, string BatchStatus, string? Error, string Base,
    DateTimeOffset Created, DateTimeOffset Updated, string Fate)
{
    public static string KeyOf(string senderBatch) => "sender:" + senderBatch;
}
