namespace Guildhall.Web.Host;

/// <summary>What nobody caught is written down, and the process goes on where that is possible: work in the background that fails does not take the
/// requests with it.</summary>
internal static class LastResort
{
    /// <summary>A background service that ends with an exception leaves the host running; the framework logs it.</summary>
    public static void KeepServing(IServiceCollection services) =>
        services.Configure<HostOptions>(host => host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);

    /// <summary>Once in a process: the exceptions of forgotten tasks and of threads.</summary>
    public static void Listen(ILogger log)
    {
        TaskScheduler.UnobservedTaskException += (_, forgotten) =>
        {
            log.LogError(forgotten.Exception, "task_failed_unseen");
            forgotten.SetObserved();
        };
        AppDomain.CurrentDomain.UnhandledException += (_, last) => log.LogCritical(last.ExceptionObject as Exception, "process_ends {Terminating}", last.IsTerminating);
    }
}
