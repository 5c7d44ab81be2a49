using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Guildhall.Tests.Support;

/// <summary>Keeps what a node logs as an error, and drops the rest.</summary>
internal sealed class ErrorLog(ConcurrentQueue<string> errors) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public void Dispose() { }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel < LogLevel.Error) return;
        errors.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
