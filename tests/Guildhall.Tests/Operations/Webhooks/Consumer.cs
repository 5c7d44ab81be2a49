using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guildhall.Tests.Operations.Webhooks;

/// <summary>Somebody who listens to webhooks, on every address of this machine.</summary>
internal sealed class Consumer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _hanging;

    public sealed record Got(string Id, string Timestamp, string Signature, string Body);

    public ConcurrentQueue<Got> Messages { get; } = new();
    public int Port { get; } = Ports.Free();
    public Uri Address => new($"http://127.0.0.1:{Port}/hook");

    /// <summary>Answers 200 unless told otherwise.</summary>
    public Func<HttpContext, Task> Answers { get; set; } = _ => Task.CompletedTask;

    /// <summary>How many requests are being answered right now.</summary>
    public int Hanging => Volatile.Read(ref _hanging);

    public Consumer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://0.0.0.0:{Port}");
        _app = builder.Build();
        _app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var headers = http.Request.Headers;
            Messages.Enqueue(new Got(headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), await reader.ReadToEndAsync()));
            Interlocked.Increment(ref _hanging);
            try { await Answers(http); }
            finally { Interlocked.Decrement(ref _hanging); }
        });
        _app.Start();
    }

    public void AnswersWith(int status) => Answers = http => { http.Response.StatusCode = status; return Task.CompletedTask; };

    public Task Gets(int messages) => Eventually.True(() => Task.FromResult(Messages.Count >= messages), () => Task.FromResult($"{messages} messages were expected, {Messages.Count} came."));

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try { await _app.StopAsync(limit.Token); }
        catch (OperationCanceledException) { } // a request hangs: it ends with its server
        await _app.DisposeAsync();
    }
}
