using Guildhall.Foundation.Jobs;

namespace Guildhall.Money.Gateways;

/// <summary>That a refund or payout is completed may be taken back, and the one message that says so may be lost. So whoever completed it is asked again
/// a day after, then each time when twice as much time has gone by, for as long as it may be taken back, and once more at the end of that.</summary>
internal static class SecondThoughts
{
    private static readonly TimeSpan First = TimeSpan.FromDays(1);

    /// <summary>Waits for the first question when it is not time for it yet.</summary>
    public static void Await(DateTimeOffset completedAt, DateTimeOffset now)
    {
        if (now - completedAt < First) throw new RunAgainException(completedAt + First - now);
    }

    /// <summary>Waits for the next question; comes back after the last one that was answered.</summary>
    public static void AwaitNext(DateTimeOffset completedAt, TimeSpan lasts, DateTimeOffset now, bool answered = true)
    {
        if (lasts == TimeSpan.Zero) return; // what it completed stays so
        Await(completedAt, now);
        var (age, left) = (now - completedAt, completedAt + lasts - now);
        if (!answered) throw new RunAgainException(First);
        if (left > TimeSpan.Zero) throw new RunAgainException(age < left ? age : left);
    }
}
