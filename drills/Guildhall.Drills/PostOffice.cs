using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Guildhall.Drills;

/// <summary>Stands between the gateway and the product: takes every webhook at once and brings it in an order of chance, some twice, some only when it is told to. It signs at each delivery, as gateways do.</summary>
internal sealed class PostOffice : IAsyncDisposable
{
    private const string Secret = "whsec_guildhall_sandbox";
    private const int Carriers = 16, TwicePercent = 25;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20), AfterRefusal = TimeSpan.FromMilliseconds(300);

    // Of: the payment it tells of. Again: it was brought before.
    private sealed record Letter(string Of, byte[] Body, bool Again);

    private readonly Lock _gate = new();
    private readonly List<Letter> _bag = [], _kept = [];
    private readonly HashSet<string> _keptOf = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _over = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = Carriers }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Random _dice;
    private readonly WebApplication _door;
    private Task _carrying = Task.CompletedTask;
    private int _inHand, _brought, _twice, _refused;

    public PostOffice(int seed)
    {
        _dice = new Random(seed);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        Address = new Uri($"http://127.0.0.1:{Stage.FreePort()}/letters");
        builder.WebHost.UseSetting("urls", Address.GetLeftPart(UriPartial.Authority));
        _door = builder.Build();
        _door.MapPost("/letters", Take);
    }

    public Uri Address { get; }

    /// <summary>Deliveries that were taken, those of them that were repeats, and those that the product did not take at first.</summary>
    public (int Brought, int Twice, int Refused) Count => (_brought, _twice, _refused);

    public bool IsEmpty
    {
        get { lock (_gate) return _bag.Count + _inHand == 0; }
    }

    public Task Open() => _door.StartAsync();

    public void BringTo(Uri node, TimeProvider clock) => _carrying = Task.WhenAll(Enumerable.Range(0, Carriers).Select(_ => Carry(node, clock)));

    /// <summary>What comes about this payment is kept back until <see cref="Release"/>.</summary>
    public void KeepBack(string payment)
    {
        lock (_gate) _keptOf.Add(payment);
    }

    public void Release()
    {
        lock (_gate)
        {
            _bag.AddRange(_kept);
            _kept.Clear();
            _keptOf.Clear();
        }
    }

    private async Task<IResult> Take(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        using var document = JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length));
        var about = document.RootElement.GetProperty("data").GetProperty("object");
        var of = about.TryGetProperty("metadata", out var data) && data.TryGetProperty("payment_id", out var id) ? id.GetString()! : "";
        lock (_gate) (_keptOf.Contains(of) ? _kept : _bag).Add(new Letter(of, body.ToArray(), Again: false));
        return Results.Ok();
    }

    private async Task Carry(Uri node, TimeProvider clock)
    {
        while (!_over.IsCancellationRequested)
        {
            if (Draw() is not { } letter)
            {
                await Task.Delay(Rest);
                continue;
            }
            var taken = await Bring(node, clock, letter);
            lock (_gate)
            {
                _inHand--;
                if (taken && !letter.Again && _dice.Next(100) < TwicePercent) _bag.Add(letter with { Again = true });
                if (!taken) _bag.Add(letter);
            }
            if (taken) Interlocked.Increment(ref _brought);
            else
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(AfterRefusal);
            }
            if (taken && letter.Again) Interlocked.Increment(ref _twice);
        }
    }

    private Letter? Draw()
    {
        lock (_gate)
        {
            if (_bag.Count == 0) return null;
            var at = _dice.Next(_bag.Count);
            var letter = _bag[at];
            _bag[at] = _bag[^1];
            _bag.RemoveAt(_bag.Count - 1);
            _inHand++;
            return letter;
        }
    }

    private async Task<bool> Bring(Uri node, TimeProvider clock, Letter letter)
    {
        var time = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, "/api/v1/webhooks/stripe")) { Content = new ByteArrayContent(letter.Body) };
        request.Content.Headers.ContentType = new("application/json");
        byte[] signed = [.. Encoding.ASCII.GetBytes(time + "."), .. letter.Body];
        request.Headers.TryAddWithoutValidation("Stripe-Signature", $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed))}");
        try
        {
            using var answer = await _http.SendAsync(request, _over.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException) { return false; }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _carrying;
        await _door.DisposeAsync();
        _http.Dispose();
        _over.Dispose();
    }
}
