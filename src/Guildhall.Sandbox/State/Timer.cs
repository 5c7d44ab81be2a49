namespace Guildhall.Sandbox.State;

internal enum TimerKind
{
    ExpireSession,
    SettleLate,
    CancelUncaptured,
    SendPayout,
    ArrivePayout,
    ReturnPayout,
    FailRefund,
    LapsePrompt,
    SettlePayPalLate,
    FailPayPalRefund,
    MovePayPalPayout,
}

/// <summary>Something that happens by itself at a time of the sandbox clock.</summary>
internal sealed record Timer(TimerKind Kind, string Target, long DueMilliseconds)
{
    public string Id => IdOf(Kind, Target);

    public static string IdOf(TimerKind kind, string target) => $"{kind}:{target}";
}
