namespace Guildhall.Web.Host;

/// <summary>When the node is told to stop: <c>/health/ready</c> says so at once, requests are served for some seconds more, so that the balancer can turn away, and then those under way and the
/// jobs that run are finished.</summary>
internal sealed class Drain(HostSettings settings) : IHostedLifecycleService
{
    /// <summary>What requests and jobs have to end, after the time for the balancer.</summary>
    private static readonly TimeSpan ToFinish = TimeSpan.FromSeconds(45);

    public static void Add(IServiceCollection services, HostSettings settings)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.DrainFor + ToFinish);
        services.AddHostedService<Drain>();
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(settings.DrainFor, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
