using System.Net.Http.Headers;
using System.Threading.Channels;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Webhooks;

/// <summary>A message to the product of a party that tells each thing once.</summary>
internal sealed record OutMessage(string Address, string ContentType, byte[] Body);

/// <summary>Sends the messages of parties that do not try again: what is dropped, or was waiting when the sandbox stopped, is not told. A fault tells twice, late or in any order.</summary>
internal sealed class TellOnce : BackgroundService
{
    private const int ReorderMs = 3000;
    private readonly World world;
    private readonly Channel<OutMessage> waiting = Channel.CreateBounded<OutMessage>(10_000);
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public TellOnce(World world)
    {
        this.world = world;
        world.Tell = messages =>
        {
            foreach (var message in messages) waiting.Writer.TryWrite(message);
        };
    }

    public override void Dispose()
    {
        http.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Parallel.ForEachAsync(waiting.Reader.ReadAllAsync(stoppingToken), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = stoppingToken }, Deliver);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async ValueTask Deliver(OutMessage message, CancellationToken stop)
    {
        var (wait, drop, twice) = world.Read(w => (w.Faults.DelayWebhooksMs + (w.Faults.ReorderWebhooks ? w.Chance.Below(ReorderMs) : 0),
            w.Chance.Hits(w.Faults.DropWebhooks), w.Chance.Hits(w.Faults.DuplicateWebhooks)));
        if (wait > 0) await Task.Delay(wait, stop);
        if (!drop) await Post(message, stop);
        if (twice) await Post(message, stop);
    }

    private async Task Post(OutMessage message, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, message.Address) { Content = new ByteArrayContent(message.Body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(message.ContentType);
        try
        {
            using var answer = await http.SendAsync(request, stop);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException || (unreachable is OperationCanceledException && !stop.IsCancellationRequested))
        {
        }
    }
}
