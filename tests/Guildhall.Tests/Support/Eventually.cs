using System.Diagnostics;

namespace Guildhall.Tests.Support;

/// <summary>Waiting without fixed sleeps: asks again until it holds or the deadline has passed.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static Task True(Func<Task<bool>> holds, string otherwise, TimeSpan? within = null) => True(holds, () => Task.FromResult(otherwise), within);

    public static async Task True(Func<Task<bool>> holds, Func<Task<string>> otherwise, TimeSpan? within = null)
    {
        var watch = Stopwatch.StartNew();
        for (var pause = 5; !await holds(); pause = Math.Min(pause * 2, 100))
        {
            if (watch.Elapsed > (within ?? Deadline)) Assert.Fail($"{await otherwise()} (after {watch.Elapsed.TotalSeconds:0.0} s)");
            await Task.Delay(pause);
        }
    }

    /// <summary>The first answer that is what is wanted; fails with the last one.</summary>
    public static async Task<T> Get<T>(Func<Task<T>> ask, Func<T, bool> wanted, string otherwise, TimeSpan? within = null)
    {
        T last = default!;
        await True(async () => wanted(last = await ask()), () => Task.FromResult($"{otherwise}; the last answer was {last}"), within);
        return last;
    }
}
