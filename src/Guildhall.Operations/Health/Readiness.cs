using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Guildhall.Operations.Health;

/// <summary>What a balancer asks. Live: the process serves; nothing is looked at, so that no outage of another part restarts it. Ready: the database answers within two seconds and has
/// this build's schema or one that the next version added to, and the node is not about to stop. The database is asked once a second, however many ask us.</summary>
public sealed class Readiness
{
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(2);

    private readonly Probe<string?> _probe;
    private readonly IHostApplicationLifetime _lifetime;

    public Readiness(Database database, IHostApplicationLifetime lifetime) : this(stop => Migrator.Check(database, stop, mayBeNewer: true), lifetime) { }

    internal Readiness(Func<CancellationToken, Task<string?>> look, IHostApplicationLifetime lifetime) =>
        (_probe, _lifetime) = (new Probe<string?>(look, problem => problem is null ? "The database has not answered for two seconds." : "The database does not answer.", Keep, Patience), lifetime);

    /// <summary>Null: send requests here. Else why not; nothing of it is secret.</summary>
    public async Task<string?> Objection(CancellationToken stop) =>
        _lifetime.ApplicationStopping.IsCancellationRequested ? "This node stops." : await _probe.Ask(stop);

    /// <summary>Maps both below the root.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Ok(new { status = "live" })).ForAnyone().Limited(RateClass.None).WithName("HealthLive");
        app.MapGet("/health/ready", async (Readiness readiness, CancellationToken stop) =>
            await readiness.Objection(stop) is { } objection ? Results.Json(new { status = "not_ready", reason = objection }, statusCode: 503) : Results.Ok(new { status = "ready" }))
            .ForAnyone().Limited(RateClass.None).WithName("HealthReady");
    }
}
