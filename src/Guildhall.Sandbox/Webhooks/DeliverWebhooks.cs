using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;
using Guildhall.Sandbox.PayPal;
using Guildhall.Sandbox.SendGrid;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;

namespace Guildhall.Sandbox.Webhooks;

/// <summary>
/// Sends events to the product: side by side, in no order, again after every answer that is not 2xx, until the last attempt.
/// What was not delivered when the sandbox stopped is taken up again at the next start.
/// </summary>
internal sealed class DeliverWebhooks : BackgroundService
{
    private const int Senders = 32;
    private const int ReorderMs = 3000;
    private static readonly int[] BackoffSeconds = [1, 2, 5, 10, 30, 60, 60, 60, 60, 60, 60];

    private readonly World world;
    private readonly SandboxOptions options;
    private readonly PayPalSigner paypal;
    private readonly SendGridSigner sendGrid;
    private readonly DeliveryQueue queue = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = Senders })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    public DeliverWebhooks(World world, SandboxOptions options, PayPalSigner paypal, SendGridSigner sendGrid)
    {
        this.sendGrid = sendGrid;
        this.paypal = paypal;
        this.world = world;
        this.options = options;
        world.Deliver = Accept;
        Delivery[] unfinished = world.Read(w => w.Deliveries.NewestFirst().Where(d => d.State == DeliveryState.Waiting).ToArray());
        foreach (var delivery in unfinished) queue.Add(delivery.Event, delivery.NotBefore);
    }

    public override void Dispose()
    {
        http.Dispose();
        queue.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var due = Channel.CreateBounded<string>(Senders);
        var senders = Enumerable.Range(0, Senders).Select(_ => Send(due.Reader, stoppingToken)).ToArray();
        try
        {
            while (true) await due.Writer.WriteAsync(await queue.Take(stoppingToken), stoppingToken);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(senders);
        }
    }

    private void Accept(Delivery[] deliveries)
    {
        var (faults, chance) = world.Read(w => (w.Faults, w.Chance));
        foreach (var delivery in deliveries)
        {
            var wait = faults.DelayWebhooksMs + (faults.ReorderWebhooks ? chance.Below(ReorderMs) : 0);
            var due = Math.Max(delivery.NotBefore, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) + wait;
            queue.Add(delivery.Event, due);
            if (chance.Hits(faults.DuplicateWebhooks)) queue.Add(delivery.Event, due + chance.Below(1000));
        }
    }

    private async Task Send(ChannelReader<string> due, CancellationToken stop)
    {
        try
        {
            await foreach (var eventId in due.ReadAllAsync(stop)) await Attempt(eventId, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task Attempt(string eventId, CancellationToken stop)
    {
        var (happened, other, now, drop) = world.Read(w => (w.Events.Find(eventId), w.PartyEvents.Find(eventId), w.UnixNow, w.Chance.Hits(w.Faults.DropWebhooks)));
        if (happened is null && other is null) return;
        var address = other is { To: { } to } ? new Uri(to) : other is not null ? options.PayPal.WebhookUrl : options.WebhookUrl;
        if (address is null)
        {
            await Note(eventId, DeliveryState.NoEndpoint, $"no SANDBOX_{(other?.Party ?? "stripe").ToUpperInvariant()}_WEBHOOK_URL");
            return;
        }

        var (delivered, answer) = drop ? (false, "dropped on purpose") : await Post(address, Encoding.UTF8.GetBytes(other?.Body ?? happened!.Body), other, now, stop);
        if (delivered)
        {
            await Note(eventId, DeliveryState.Delivered, answer);
            return;
        }

        var attempts = await Note(eventId, DeliveryState.Waiting, answer);
        if (attempts is { } n) queue.Add(eventId, DateTimeOffset.UtcNow.AddSeconds(BackoffSeconds[n - 1]).ToUnixTimeMilliseconds());
    }

    private async Task<(bool Delivered, string Answer)> Post(Uri address, byte[] body, PartyEvent? other, long now, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(other is { Party: PartyEvent.Sns } ? "text/plain" : "application/json", "utf-8");
        var headers = other switch
        {
            null => OfStripe(body, now),
            { Signed: { } signature } => [("MyFatoorah-Signature", signature), ("User-Agent", "guildhall-sandbox")],
            { Party: PartyEvent.Sns } => [("User-Agent", "Amazon Simple Notification Service Agent")],
            { Party: PartyEvent.SendGrid } => sendGrid.Headers(body, now),
            _ => paypal.Headers(body, DateTimeOffset.FromUnixTimeSeconds(now)),
        };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return (response.IsSuccessStatusCode, ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException unreachable)
        {
            return (false, unreachable.HttpRequestError.ToString());
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (false, "no answer in 10 s");
        }
    }

    private (string Name, string Value)[] OfStripe(byte[] body, long now) =>
        [("Stripe-Signature", SignWebhook.Header(options.WebhookSecret, body, now)), ("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")];

    /// <summary>Returns the attempts so far when another is due. A delivery done stays done: a late duplicate cannot reopen it.</summary>
    private Task<int?> Note(string eventId, DeliveryState state, string answer) => world.Change<int?>(w =>
    {
        if (w.Deliveries.Find(eventId) is not { State: DeliveryState.Waiting } delivery) return null;
        var attempts = delivery.Attempts + 1;
        var over = state == DeliveryState.Waiting && attempts > BackoffSeconds.Length;
        w.Deliveries.Put(delivery with { State = over ? DeliveryState.GivenUp : state, Attempts = attempts, LastAnswer = answer });
        return state == DeliveryState.Waiting && !over ? attempts : null;
    });
}
