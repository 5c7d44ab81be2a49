using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Twilio;

/// <summary>Moves each message from queued to sent to delivered (or undelivered) and tells its StatusCallback, signed as Twilio signs. Told once, or twice by a fault; what
/// is dropped or was waiting when the sandbox stopped is not told again, as there.</summary>
internal sealed class TellStatus(World world, SandboxOptions options) : BackgroundService
{
    private const int Unreachable = 30003, NotOnWhatsApp = 63024, OutsideWindow = 63016;
    private readonly Channel<string> sent = Channel.CreateBounded<string>(10_000);
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public void Watch(string sid) => sent.Writer.TryWrite(sid);

    public override void Dispose()
    {
        http.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Parallel.ForEachAsync(sent.Reader.ReadAllAsync(stoppingToken), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = stoppingToken }, Follow);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async ValueTask Follow(string sid, CancellationToken stop)
    {
        if (world.Read(w => w.Texts.Find(sid)) is not { } text) return;
        int? fault = text is { IsWhatsApp: true, IsFree: true } ? OutsideWindow : !text.WillFail ? null : text.IsWhatsApp ? NotOnWhatsApp : Unreachable;
        await Become(sid, "sent", null, stop);
        await Become(sid, fault is null ? "delivered" : "undelivered", fault, stop);
    }

    private async Task Become(string sid, string status, int? error, CancellationToken stop)
    {
        var text = await world.Change(w =>
        {
            if (w.Texts.Find(sid) is { } found) w.Texts.Put(found with { Status = status, ErrorCode = error });
            return w.Texts.Find(sid);
        });
        if (text?.Callback is null) return;
        var (wait, drop, twice) = world.Read(w => (w.Faults.DelayWebhooksMs, w.Chance.Hits(w.Faults.DropWebhooks), w.Chance.Hits(w.Faults.DuplicateWebhooks)));
        if (wait > 0) await Task.Delay(wait, stop);
        if (!drop) await Post(text, stop);
        if (twice) await Post(text, stop);
    }

    private async Task Post(TextMessage text, CancellationToken stop)
    {
        var form = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["AccountSid"] = text.Account, ["ApiVersion"] = "2010-04-01", ["From"] = text.From, ["MessageSid"] = text.Sid, ["MessageStatus"] = text.Status, ["SmsSid"] = text.Sid,
            ["SmsStatus"] = text.Status, ["To"] = text.To,
        };
        if (text.ErrorCode is { } code) form["ErrorCode"] = code.ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, text.Callback) { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", Sign(text.Callback!, form));
        request.Headers.TryAddWithoutValidation("User-Agent", "TwilioProxy/1.1");
        try
        {
            using var answer = await http.SendAsync(request, stop);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException || (unreachable is OperationCanceledException && !stop.IsCancellationRequested))
        {
        }
    }

    private string Sign(string address, SortedDictionary<string, string> form) => Convert.ToBase64String(HMACSHA1.HashData(
        Encoding.UTF8.GetBytes(options.TwilioToken), Encoding.UTF8.GetBytes(address + string.Concat(form.Select(field => field.Key + field.Value)))));
}
