using System.Net;
using System.Net.Sockets;

namespace Guildhall.Tests.Support;

/// <summary>Free loopback ports below the range the system gives to outgoing connections, so that none is taken between choosing and binding.</summary>
internal static class Ports
{
    private static int _next = Random.Shared.Next(15_000, 30_000);

    public static int Free()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _next);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException) { } // in use: the next one
        }
    }
}
