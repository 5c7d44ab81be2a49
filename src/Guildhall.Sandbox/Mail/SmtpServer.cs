using System.Net.Sockets;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Mail;

/// <summary>Takes mail and keeps it; nothing is ever sent on.</summary>
internal sealed class SmtpServer(World world, SandboxOptions options) : IHostedService, IDisposable
{
    private const int MostConnections = 200;

    private readonly TcpListener listener = new(options.Smtp);
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim places = new(MostConnections);
    private Task accepting = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            listener.Start();
        }
        catch (SocketException taken)
        {
            throw new IOException($"the mail address {options.Smtp} cannot be opened ({taken.Message}); set SANDBOX_SMTP", taken);
        }

        accepting = Accept();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
    }

    public void Dispose()
    {
        listener.Dispose();
        stop.Dispose();
    }

    private async Task Accept()
    {
        var sessions = new HashSet<Task>();
        try
        {
            while (true)
            {
                await places.WaitAsync(stop.Token);
                sessions.Add(Serve(await listener.AcceptTcpClientAsync(stop.Token)));
                sessions.RemoveWhere(session => session.IsCompleted);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            using (client)
            {
                client.NoDelay = true;
                await new SmtpSession(world, client.GetStream()).Run(stop.Token);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
        finally
        {
            places.Release();
        }
    }
}
