using System.Globalization;

namespace Guildhall.Sandbox.Knet;

/// <summary>A payment from the moment its page was opened. <c>Result</c> is KNET's word once there is one; <c>Voided</c>: taken back, because the merchant
/// did not answer the notification with <c>REDIRECT=</c>.</summary>
internal sealed record KnetPayment
{
    public required string PaymentId { get; init; }
    public required string TrackId { get; init; }
    public required long Fils { get; init; }
    public required string ResponseUrl { get; init; }
    public required string ErrorUrl { get; init; }
    public IReadOnlyList<string> Udf { get; init; } = ["", "", "", "", ""];
    public string Result { get; init; } = "";
    public bool Voided { get; init; }
    public string TranId { get; init; } = "";
    public string Ref { get; init; } = "";
    public string Auth { get; init; } = "";
    public string PostDate { get; init; } = "";
    public int Told { get; init; }
    public string? LastAnswer { get; init; }
    public long RefundedFils { get; init; }

    public string Amount => Text(Fils);

    public static string Text(long fils) => $"{(fils / 1000).ToString(CultureInfo.InvariantCulture)}.{(fils % 1000).ToString("000", CultureInfo.InvariantCulture)}";
}

internal sealed record KnetRefund(string TranId, string PaymentId, string TrackId, long Fils, string Result, string Udf1);
