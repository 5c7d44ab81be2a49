namespace Guildhall.Foundation.Telemetry;

/// <summary>What this process has of the memory that it may have: that of its container, or of the machine.</summary>
public static class NodeMemory
{
    public static long UsedBytes => Environment.WorkingSet;

    public static long LimitBytes => GC.GetGCMemoryInfo() is { TotalAvailableMemoryBytes: > 0 and var limit } ? limit : long.MaxValue;

    public static long UsedPercent => UsedBytes * 100 / LimitBytes;
}
