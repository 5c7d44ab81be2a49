using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Guildhall.Drills;

/// <summary>A mail server that keeps of each message to whom it went and when, and nothing else.</summary>
internal sealed class MailCounter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Task _serving;

    public MailCounter()
    {
        _listener.Start();
        _serving = Serve();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Arrivals by address.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<DateTimeOffset>> Mails { get; } = new(StringComparer.OrdinalIgnoreCase);

    private async Task Serve()
    {
        try
        {
            while (true) _ = Talk(await _listener.AcceptTcpClientAsync(_over.Token));
        }
        catch (OperationCanceledException) { }
    }

    // A client that is killed goes away in the middle of a word: a message counts when its last line has come.
    private async Task Talk(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream);
                await using var writer = new StreamWriter(stream) { AutoFlush = true, NewLine = "\r\n" };
                await writer.WriteLineAsync("220 drill");
                var to = new List<string>();
                while (await reader.ReadLineAsync(_over.Token) is { } line)
                {
                    if (line.StartsWith("RCPT TO:<", StringComparison.OrdinalIgnoreCase)) to.Add(line[9..line.IndexOf('>', StringComparison.Ordinal)]);
                    if (line.Equals("DATA", StringComparison.OrdinalIgnoreCase))
                    {
                        await writer.WriteLineAsync("354 go on");
                        while (await reader.ReadLineAsync(_over.Token) is { } text && text is not ".") { }
                        foreach (var address in to) Mails.GetOrAdd(address, _ => new()).Enqueue(DateTimeOffset.UtcNow);
                        to.Clear();
                    }
                    await writer.WriteLineAsync(line.Equals("QUIT", StringComparison.OrdinalIgnoreCase) ? "221 bye" : "250 ok");
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException) { }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _serving;
        _over.Dispose();
    }
}
