using System.Net.Http.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.SandboxTime;

/// <summary>Moves business time forward on every node, and the sandbox's clock with it. Mapped in sandbox mode only.</summary>
public static class AdvanceClock
{
    private const long MaxSeconds = 366L * 24 * 3600;

    public sealed record Body(long AdvanceSeconds);

    /// <param name="OutsideFollows">Whether the sandbox's outside world has taken the same time.</param>
    public sealed record Moved(long OffsetSeconds, DateTimeOffset Now, bool OutsideFollows);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/sandbox/clock", async (Body body, Caller caller, SandboxClockDoor door, CancellationToken stop) => (await door.Advance(caller, body.AdvanceSeconds, stop)).ToHttp())
        .Produces<Moved>().WithName(nameof(AdvanceClock)).ForAnyone();

    internal static bool IsStep(long seconds) => seconds is >= 1 and <= MaxSeconds;
}

/// <summary>Moves the clocks; pages and the API go through it.</summary>
public sealed class SandboxClockDoor(Database database, NodeChannel nodes, GuildhallClock clock, OperationsOptions options)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public async Task<Result<AdvanceClock.Moved>> Advance(Caller caller, long seconds, CancellationToken stop)
    {
        if (!options.Sandbox) return FoundationRefusals.NotFound;
        if (!AdvanceClock.IsStep(seconds)) return OperationsRefusals.ClockStep;
        var offset = await SandboxClock.Advance(database, nodes, clock, TimeSpan.FromSeconds(seconds));
        await database.InTransaction(tx => tx.Audit(caller, "clock.advanced", "clock", "sandbox", after: new { seconds, offset }), stop);
        return new AdvanceClock.Moved(offset, clock.GetUtcNow(), await TellOutside(offset, stop));
    }

    private async Task<bool> TellOutside(long offsetSeconds, CancellationToken stop)
    {
        if (options.SandboxUrl is null) return false;
        try
        {
            using var answer = await Http.PostAsJsonAsync(new Uri(options.SandboxUrl, "/sandbox/clock"), new { offsetSeconds }, stop);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception problem) when (problem is HttpRequestException || problem is OperationCanceledException && !stop.IsCancellationRequested) { return false; }
    }
}
