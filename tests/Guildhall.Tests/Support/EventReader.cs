using System.Net;
using System.Text.Json;
using System.Threading.Channels;

namespace Guildhall.Tests.Support;

/// <summary>A browser's EventSource, as far as a test needs it.</summary>
public sealed class EventReader : IAsyncDisposable
{
    private static readonly HttpClient Wire = new(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 200 }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Channel<(string Id, string Name, JsonElement Data)> _events = Channel.CreateUnbounded<(string, string, JsonElement)>();
    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;

    public HttpStatusCode Status { get; private set; }
    public string? ContentType { get; private set; }

    /// <summary>Of a refusal.</summary>
    public string Body { get; private set; } = "";

    /// <summary>Completes when the server ends the stream.</summary>
    public Task Ended => _reading;

    public static async Task<EventReader> Open(Uri node, string topics, (string Name, string Value)? who, string? lastEventId = null)
    {
        var reader = new EventReader();
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node, "/events?topics=" + Uri.EscapeDataString(topics)));
        if (who is { } header) request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        if (lastEventId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        var response = await Wire.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, reader._stop.Token);
        (reader.Status, reader.ContentType) = (response.StatusCode, response.Content.Headers.ContentType?.MediaType);
        if (response.IsSuccessStatusCode) reader._reading = reader.Read(response);
        else reader.Body = await response.Content.ReadAsStringAsync();
        return reader;
    }

    /// <summary>The next event; fails after so long.</summary>
    public async Task<(string Id, string Name, JsonElement Data)> Next(TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(10));
        try { return await _events.Reader.ReadAsync(limit.Token); }
        catch (OperationCanceledException) { throw new TimeoutException("No event came."); }
    }

    /// <summary>Whether nothing comes for so long.</summary>
    public async Task<bool> IsSilent(TimeSpan time)
    {
        using var limit = new CancellationTokenSource(time);
        try { return !await _events.Reader.WaitToReadAsync(limit.Token); }
        catch (OperationCanceledException) { return true; }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try { await _reading; }
        catch (Exception problem) when (problem is OperationCanceledException or IOException or HttpRequestException) { } // we left
        _stop.Dispose();
    }

    private async Task Read(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_stop.Token));
        var (id, name, data) = ("", "", "");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else if (line.Length == 0 && data.Length > 0)
            {
                _events.Writer.TryWrite((id, name, JsonSerializer.Deserialize<JsonElement>(data)));
                data = "";
            }
        }
        response.Dispose();
    }
}
