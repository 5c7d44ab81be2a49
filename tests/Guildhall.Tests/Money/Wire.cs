using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guildhall.Tests.Money;

/// <summary>The line between the product and the gateway: a test may cut it, hold it, or answer in the gateway's place.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private static readonly HashSet<string> PerHop = new(StringComparer.OrdinalIgnoreCase) { "Host", "Connection", "Transfer-Encoding", "Content-Length", "Content-Type", "Keep-Alive" };
    private readonly HttpClient _gateway = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Uri _to;
    private WebApplication? _app;

    public Uri Address { get; }

    /// <summary>Sees every call before the gateway does; true when it has answered or cut the line itself.</summary>
    public Func<HttpContext, Task<bool>>? Before { get; set; }

    /// <summary>Sees every call after the gateway has answered, before the answer is passed on.</summary>
    public Func<HttpContext, Task>? After { get; set; }

    public Wire(Uri to)
    {
        (_to, Address) = (to, new Uri($"http://127.0.0.1:{Ports.Free()}"));
        Opens();
    }

    /// <summary>Listens again after it was closed.</summary>
    public void Opens()
    {
        if (_app is not null) return;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.GetLeftPart(UriPartial.Authority));
        _app = builder.Build();
        _app.Run(Pass);
        _app.Start();
    }

    /// <summary>Nobody listens: connections are refused.</summary>
    public async Task Closes()
    {
        if (_app is not { } app) return;
        _app = null;
        await app.DisposeAsync();
    }

    /// <summary>Cuts every call whose method and path contain the text, before the gateway has seen it.</summary>
    public void Cuts(string what) => Before = http =>
    {
        if (!$"{http.Request.Method} {http.Request.Path}".Contains(what, StringComparison.Ordinal)) return Task.FromResult(false);
        http.Abort();
        return Task.FromResult(true);
    };

    /// <summary>Answers every call whose method and path contain the text in the gateway's place.</summary>
    public void Answers(string what, int status, object body) => Before = async http =>
    {
        if (!$"{http.Request.Method} {http.Request.Path}".Contains(what, StringComparison.Ordinal)) return false;
        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(body);
        return true;
    };

    /// <summary>A call whose sender has given up waiting and that has not arrived yet.</summary>
    public sealed class Held(Wire wire)
    {
        internal HttpRequestMessage? Request { get; set; }

        public Task<HttpResponseMessage> Arrives() => wire._gateway.SendAsync(Request!);
    }

    /// <summary>Holds the call whose method and path are this until the test lets it arrive; its sender has no answer.</summary>
    public Held Holds(string what)
    {
        var held = new Held(this);
        Before = async http =>
        {
            if (!string.Equals($"{http.Request.Method} {http.Request.Path}", what, StringComparison.Ordinal)) return false;
            held.Request = await Copy(http);
            http.Abort();
            return true;
        };
        return held;
    }

    private async Task Pass(HttpContext http)
    {
        if (Before is { } before && await before(http)) return;
        using var request = await Copy(http);
        try
        {
            using var answer = await _gateway.SendAsync(request);
            if (After is { } after) await after(http);
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(http.Response.Body);
        }
        catch (HttpRequestException) { http.Abort(); }
    }

    private async Task<HttpRequestMessage> Copy(HttpContext http)
    {
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(_to, http.Request.Path + http.Request.QueryString));
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
        }
        foreach (var header in http.Request.Headers.Where(h => !PerHop.Contains(h.Key))) request.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        await Closes();
        _gateway.Dispose();
    }
}
