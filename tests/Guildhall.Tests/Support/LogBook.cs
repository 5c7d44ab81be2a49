using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Guildhall.Tests.Support;

/// <summary>Everything that a node logs, in the very lines that the product writes to its output.</summary>
internal sealed class LogBook : ILoggerProvider
{
    private ConsoleFormatter? _formatter;

    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>The lines whose text holds this.</summary>
    public IReadOnlyList<string> With(string text) => [.. Lines.Where(l => l.Contains(text, StringComparison.Ordinal))];

    /// <summary>Listens to a node that is being built, by the product's own filters and form of lines.</summary>
    public void Listen(WebApplicationBuilder builder)
    {
        Guildhall.Web.Host.Logs.Configure(builder.Logging);
        foreach (var console in builder.Services.Where(s => s.ServiceType == typeof(ILoggerProvider) && s.ImplementationType == typeof(ConsoleLoggerProvider)).ToArray()) builder.Services.Remove(console);
        builder.Services.AddSingleton<ILoggerProvider>(services =>
        {
            _formatter = services.GetServices<ConsoleFormatter>().Single(f => f.Name == ConsoleFormatterNames.Json);
            return this;
        });
    }

    public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

    public void Dispose() { }

    private sealed class Line(LogBook book, string category) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = new StringBuilder();
            using var writer = new StringWriter(text);
            book._formatter!.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), null, writer);
            book.Lines.Enqueue(text.ToString());
        }
    }
}
