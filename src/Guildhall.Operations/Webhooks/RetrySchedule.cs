namespace Guildhall.Operations.Webhooks;

/// <summary>When a message that was not taken is sent again: ten attempts over 75 hours and a half, each wait up to a tenth shorter or longer, so that
/// many endpoints that came back together are not all met at the same second.</summary>
public static class RetrySchedule
{
    /// <summary>The waits between attempts; docs/webhooks.md shows them, a test compares.</summary>
    public static IReadOnlyList<TimeSpan> Waits { get; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    public static int Attempts => Waits.Count + 1;

    /// <summary>The wait after so many failed attempts; null when there is no further one.</summary>
    public static TimeSpan? After(int attempts) => attempts > Waits.Count ? null : TimeSpan.FromTicks(Waits[attempts - 1].Ticks / 1000 * Random.Shared.Next(900, 1101));
}
