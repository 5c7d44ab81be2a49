using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guildhall.Tests.Support;

/// <summary>A server that keeps what is posted to it and answers 200.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    public sealed record Post(string Path, IDictionary<string, string> Headers, byte[] Body);

    public ConcurrentQueue<Post> Posts { get; } = new();

    public Uri Address { get; } = new($"http://127.0.0.1:{Ports.Free()}");

    /// <summary>When set, an answer waits for it.</summary>
    public TaskCompletionSource? Hangs { get; set; }

    public Receiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.GetLeftPart(UriPartial.Authority));
        _app = builder.Build();
        _app.Run(async http =>
        {
            using var body = new MemoryStream();
            await using Stream source = http.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : http.Request.Body;
            await source.CopyToAsync(body);
            Posts.Enqueue(new Post(http.Request.Path, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
            if (Hangs is { } hangs) await hangs.Task.WaitAsync(http.RequestAborted);
        });
        _app.Start();
    }

    public async ValueTask DisposeAsync()
    {
        Hangs?.TrySetResult();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try { await _app.StopAsync(limit.Token); }
        catch (OperationCanceledException) { } // a request hangs: it ends with its server
        await _app.DisposeAsync();
    }
}
