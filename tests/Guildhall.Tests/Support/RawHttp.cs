using System.Net.Sockets;
using System.Text;

namespace Guildhall.Tests.Support;

/// <summary>Bytes to a node and what comes back, for requests that no client library would send.</summary>
internal static class RawHttp
{
    /// <summary>Sends all of it and reads until the node closes the connection, at most ten seconds.</summary>
    public static async Task<string> Ask(Uri node, string text, Func<Stream, Task>? then = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(node.Host, node.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var answer = Read(stream, limit.Token);
        try { if (then is not null) await then(stream); }
        catch (IOException) { } // the node has heard enough
        return await answer;
    }

    private static async Task<string> Read(Stream stream, CancellationToken stop)
    {
        var (text, chunk) = (new StringBuilder(), new byte[16 * 1024]);
        try
        {
            for (int read; (read = await stream.ReadAsync(chunk, stop)) > 0;) text.Append(Encoding.UTF8.GetString(chunk, 0, read));
            return text.ToString();
        }
        catch (OperationCanceledException) { return text + "\n(still open)"; }
        catch (IOException) { return text + "\n(cut off)"; }
    }
}
