namespace Guildhall.Sandbox.State;

internal sealed record ClockState(long OffsetSeconds)
{
    public const string Id = "clock";

    public DateTimeOffset Now => DateTimeOffset.UtcNow.AddSeconds(OffsetSeconds);
}
