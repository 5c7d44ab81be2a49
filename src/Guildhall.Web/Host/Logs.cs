using Microsoft.Extensions.Logging.Console;

namespace Guildhall.Web.Host;

/// <summary>Structured logs on standard output: one JSON line per event, UTC. Only our events and warnings of the framework.</summary>
internal static class Logs
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error).AddFilter("Npgsql", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
        logging.AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            json.IncludeScopes = false;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
    }
}
