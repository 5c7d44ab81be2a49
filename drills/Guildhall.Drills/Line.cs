using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Guildhall.Drills;

/// <summary>What is wrong with an outside party.</summary>
internal enum Outage { None, Dead, Slow, Garbage, WrongKey }

/// <summary>The line to an outside party, byte by byte: it may be dead, answer after half a minute, answer nonsense, or not take our key.</summary>
internal sealed class Line : IAsyncDisposable
{
    private static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(30);
    private readonly IPEndPoint _to;
    private readonly bool _isHttp;
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly CancellationTokenSource _ends = new();
    private TcpListener? _listener;
    private volatile Outage _outage;

    public int Port { get; }

    public Line(int to, bool isHttp)
    {
        (_to, _isHttp) = (new IPEndPoint(IPAddress.Loopback, to), isHttp);
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Accept(_listener);
    }

    /// <summary>From now on; what was connected is cut.</summary>
    public void Becomes(Outage outage)
    {
        _outage = outage;
        if (outage is Outage.Dead) { _listener?.Stop(); _listener = null; }
        else if (_listener is null)
        {
            _listener = new TcpListener(IPAddress.Loopback, Port);
            _listener.Start();
            _ = Accept(_listener);
        }
        foreach (var client in _open.Keys) client.Dispose();
    }

    private async Task Accept(TcpListener listener)
    {
        try
        {
            while (true) _ = Serve(await listener.AcceptTcpClientAsync(_ends.Token));
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException) { } // it was stopped
    }

    private async Task Serve(TcpClient client)
    {
        using var __ = client;
        _open[client] = 0;
        try
        {
            var ours = client.GetStream();
            switch (_outage)
            {
                case Outage.Slow:
                    await Task.Delay(HalfAMinute, _ends.Token);
                    break;
                case Outage.Garbage or Outage.WrongKey:
                    // A server of HTTP speaks when it was asked; the others greet.
                    if (_isHttp) await ours.ReadAsync(new byte[64 * 1024], _ends.Token);
                    await ours.WriteAsync(Encoding.ASCII.GetBytes(Says()), _ends.Token);
                    return;
            }
            using var theirs = new TcpClient();
            await theirs.ConnectAsync(_to, _ends.Token);
            var far = theirs.GetStream();
            await Task.WhenAny(ours.CopyToAsync(far, _ends.Token), far.CopyToAsync(ours, _ends.Token));
        }
        catch (Exception problem) when (problem is IOException or SocketException or ObjectDisposedException or OperationCanceledException) { } // one side hung up
        finally { _open.TryRemove(client, out byte _); }
    }

    private string Says()
    {
        const string Page = "<html><body>It works!</body></html>", Key = """{"error":{"type":"invalid_request_error","message":"Invalid API Key provided"}}""";
        if (!_isHttp) return _outage is Outage.Garbage ? "\u0001\u0002 ready when you are\r\n" : "554 5.7.1 You are not let in\r\n";
        var (status, body) = _outage is Outage.Garbage ? ("200 OK", Page) : ("401 Unauthorized", Key);
        return $"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        _listener?.Stop();
        foreach (var client in _open.Keys) client.Dispose();
        _ends.Dispose();
    }
}
