using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.ClamAv;

/// <summary>ClamAV's daemon: <c>PING</c>, <c>VERSION</c> and <c>INSTREAM</c> with <c>z</c> and NUL, or <c>n</c> and a line's end. It knows one virus, the test string of EICAR. Not started without an address.</summary>
internal sealed class ClamdServer(World world, SandboxOptions options) : BackgroundService
{
    private const int MostBytes = 25 * 1024 * 1024;
    private static readonly byte[] Eicar = Encoding.ASCII.GetBytes("EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Clamd is not { } address) return;
        using var listener = new TcpListener(address);
        listener.Start();
        while (!stoppingToken.IsCancellationRequested) _ = Serve(await listener.AcceptTcpClientAsync(stoppingToken), stoppingToken);
    }

    private async Task Serve(TcpClient client, CancellationToken stop)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            var fault = world.Read(w => w.Faults).Scanner;
            if (fault is ScannerFault.Down) return;
            var command = await Command(stream, stop);
            var answer = command[1..] switch
            {
                "PING" => "PONG",
                "VERSION" => "ClamAV 1.4.0/sandbox",
                "INSTREAM" => await Scan(stream, fault, stop),
                _ => "UNKNOWN COMMAND",
            };
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer + (command[0] is 'z' ? '\0' : '\n')), stop);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException) { }
    }

    private static async Task<string> Command(NetworkStream stream, CancellationToken stop)
    {
        var (text, one) = (new StringBuilder(), new byte[1]);
        while (text.Length < 64)
        {
            await stream.ReadExactlyAsync(one, stop);
            if (one[0] is 0 or (byte)'\n') break;
            text.Append((char)one[0]);
        }
        return text.Length > 1 && text[0] is 'z' or 'n' ? text.ToString() : "n?";
    }

    private static async Task<string> Scan(NetworkStream stream, ScannerFault fault, CancellationToken stop)
    {
        using var content = new MemoryStream();
        var length = new byte[4];
        while (true)
        {
            await stream.ReadExactlyAsync(length, stop);
            var part = BinaryPrimitives.ReadUInt32BigEndian(length);
            if (part == 0) break;
            if (content.Length + part > MostBytes) return "INSTREAM size limit exceeded. ERROR";
            var bytes = new byte[part];
            await stream.ReadExactlyAsync(bytes, stop);
            content.Write(bytes);
        }
        return fault switch
        {
            ScannerFault.Error => "stream: Can't allocate memory ERROR",
            ScannerFault.Garbage => "HTTP/1.1 400 Bad Request",
            _ => content.ToArray().AsSpan().IndexOf(Eicar) >= 0 ? "stream: Eicar-Test-Signature FOUND" : "stream: OK",
        };
    }
}
