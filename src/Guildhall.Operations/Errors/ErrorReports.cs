using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guildhall.Operations.Errors;

/// <summary>Every exception that is logged as an error goes to the address of the settings, one of a kind and place within a minute. Nobody waits for it: at most a hundred wait, what comes
/// above is dropped, and so is what is not taken within five seconds. A server that says to wait is left alone for as long.</summary>
internal sealed class ErrorReports(SentryDsn to, string node, TimeProvider clock) : BackgroundService, ILoggerProvider
{
    private const int MostWaiting = 100, MostKinds = 1000;
    private static readonly TimeSpan OncePer = TimeSpan.FromMinutes(1), Patience = TimeSpan.FromSeconds(5), Rest = TimeSpan.FromSeconds(30);
    private static readonly string Release = typeof(ErrorReports).Assembly.GetName().Version?.ToString(3) ?? "0";

    private readonly Channel<byte[]> _waiting = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, long> _told = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Patience }) { Timeout = Patience, MaxResponseContentBufferSize = 16 * 1024 };

    public ILogger CreateLogger(string categoryName) => new Lines(this, categoryName);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try { await foreach (var envelope in _waiting.Reader.ReadAllAsync(stoppingToken)) await Send(envelope, stoppingToken); }
        catch (OperationCanceledException) { } // the node stops
    }

    private async Task Send(byte[] envelope, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, to.Address) { Content = new ByteArrayContent(envelope) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-sentry-envelope");
            request.Headers.Add("X-Sentry-Auth", $"Sentry sentry_version=7, sentry_client=guildhall/{Release}, sentry_key={to.Key}");
            using var answer = await _http.SendAsync(request, stop);
            if ((int)answer.StatusCode == 429) await Task.Delay(answer.Headers.RetryAfter?.Delta is { } wait && wait < TimeSpan.FromHours(1) ? wait : Rest, stop);
        }
        catch (Exception problem) when (problem is HttpRequestException || problem is OperationCanceledException && !stop.IsCancellationRequested) { } // it stands in the log as well
    }

    private void Take(Exception problem, string category, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        var kind = ErrorEvent.Fingerprint(problem);
        if (_told.Count > MostKinds) _told.Clear();
        var now = Stopwatch.GetTimestamp();
        if (_told.TryGetValue(kind, out var last) && Stopwatch.GetElapsedTime(last, now) < OncePer) return;
        _told[kind] = now;
        _waiting.Writer.TryWrite(ErrorEvent.Envelope(problem, category, values, node, Release, clock.GetUtcNow()));
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    private sealed class Lines(ErrorReports reports, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error && exception is not (null or OperationCanceledException)) reports.Take(exception, category, state as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
        }
    }
}
