using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guildhall.Tests.Money.Gateways;

/// <summary>What a payment is at the sample gateways' end.</summary>
internal sealed record SamplePayment(string State, long Minor, long Taken, string Currency);

/// <summary>The other end of all sample gateways, over real HTTP: it knows payments by our reference.</summary>
internal sealed class SampleServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    public ConcurrentDictionary<string, SamplePayment> Payments { get; } = new(StringComparer.Ordinal);
    public ConcurrentQueue<string> Calls { get; } = new();
    public Uri Address { get; } = new($"http://127.0.0.1:{Ports.Free()}");

    public SampleServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.GetLeftPart(UriPartial.Authority));
        _app = builder.Build();
        _app.MapPost("/open/{id}", (string id, SamplePayment asked) => Payments.GetOrAdd(id, asked));
        _app.MapGet("/status/{id}", (string id) => { Calls.Enqueue("status " + id); return Payments.TryGetValue(id, out var known) ? Results.Json(known) : Results.NotFound(); });
        _app.MapPost("/take/{id}/{minor:long}/{final:bool}", (string id, long minor, bool final) =>
        {
            Calls.Enqueue("take " + id);
            return Payments.AddOrUpdate(id, _ => throw new InvalidOperationException(), (_, p) => p with { Taken = p.Taken + minor, State = final ? "captured" : "partly" });
        });
        _app.Start();
    }

    public void Becomes(PaymentId payment, string state, long? minor = null) =>
        Payments.AddOrUpdate(payment.ToString(), _ => new SamplePayment(state, minor ?? 0, state is "captured" ? minor ?? 0 : 0, "KWD"), 
            (_, p) => p with { State = state, Minor = minor ?? p.Minor, Taken = state is "captured" ? minor ?? p.Minor : p.Taken });

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>What the samples have in common: they look payments up by our reference.</summary>
internal abstract class SampleGateway(SampleServer server) : IGateway
{
    protected static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };
    protected SampleServer Server { get; } = server;

    public abstract string Name { get; }
    public abstract Capabilities Can { get; }
    public PartyStatus Status { get; set; } = new(true, null, null, null);
    public bool Live { get; set; }
    public virtual Uri? Pages => null;

    public abstract Task<GatewayAnswer<Opening>> Create(GatewayPaymentRequest request, CancellationToken stop);

    public async Task<GatewayAnswer<PaymentFact>> Fetch(PaymentId payment, string reference, CancellationToken stop)
    {
        using var answer = await Http.GetAsync(new Uri(Server.Address, "/status/" + reference), stop);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? new GatewayAnswer<PaymentFact>.Accepted(new PaymentFact(payment, FactState.Open, default(Amount)))
            : new GatewayAnswer<PaymentFact>.Accepted(Fact(payment, (await answer.Content.ReadFromJsonAsync<SamplePayment>(stop))!));
    }

    protected static PaymentFact Fact(PaymentId payment, SamplePayment known) => new(payment, known.State switch
    {
        "captured" or "partly" => FactState.Captured, "authorized" => FactState.Authorized, "failed" => FactState.Failed, _ => FactState.Open,
    }, new Amount(known.State is "captured" or "partly" ? known.Taken : known.Minor, Currency.Of(known.Currency)), "their_" + payment);

    public virtual Task<GatewayAnswer<PaymentFact>> Capture(CaptureRequest request, CancellationToken stop) => throw new InvalidOperationException("It was said that this cannot be done.");
    public Task<GatewayAnswer<PaymentFact>> Cancel(PaymentId payment, string reference, CancellationToken stop) => throw new InvalidOperationException("It was said that this cannot be done.");
    public Task<GatewayAnswer<RefundFact>> Refund(RefundId refund, string gatewayPayment, Amount amount, CancellationToken stop) =>
        Task.FromResult<GatewayAnswer<RefundFact>>(new GatewayAnswer<RefundFact>.Accepted(new RefundFact(refund, RefundFactState.Completed, amount, "back_" + refund)));
    public Task<GatewayAnswer<RefundFact?>> FindRefund(RefundSought sought, CancellationToken stop) => Task.FromResult<GatewayAnswer<RefundFact?>>(new GatewayAnswer<RefundFact?>.Accepted(null));
    public abstract Heard Hear(Message message, DateTimeOffset now);
    public virtual GatewayFact? ReadWebhook(ReadOnlyMemory<byte> body) => null;
    public virtual PaymentId? ReadReturn(Message message) => null;
}

/// <summary>Nothing is called to open: the request travels encrypted in the address. Its callback is encrypted without any proof, so it is a hint, and wants
/// to be answered with where to send the browser. All or nothing goes back; nothing is closed.</summary>
internal sealed class RedirectOnlyGateway(SampleServer server) : SampleGateway(server)
{
    private static readonly byte[] Key = "0123456789abcdef"u8.ToArray();

    public override string Name => "redirect_only";
    public override Uri? Pages => new(Server.Address, "/page?and=more");
    public override Capabilities Can { get; } = new() { PartialRefund = false, Close = false, Currencies = new HashSet<string>(["KWD", "TND"], StringComparer.Ordinal) };

    public override Task<GatewayAnswer<Opening>> Create(GatewayPaymentRequest request, CancellationToken stop) => Task.FromResult<GatewayAnswer<Opening>>(
        new GatewayAnswer<Opening>.Accepted(new Opening(request.Payment.ToString(), new Uri(Server.Address, "/page?trandata=" + Encrypt($"trackid={request.Payment}&amt={request.Amount.Text}")).AbsoluteUri)));

    public static string Encrypt(string text)
    {
        using var aes = Aes.Create();
        aes.Key = Key;
        return Convert.ToHexStringLower(aes.EncryptCbc(Encoding.ASCII.GetBytes(text), Key));
    }

    private static PaymentId? Read(string form)
    {
        var data = form.Split('&').Select(f => f.Split('=')).FirstOrDefault(f => f[0] is "trandata")?[1];
        if (data is null) return null;
        using var aes = Aes.Create();
        aes.Key = Key;
        try
        {
            var plain = Encoding.ASCII.GetString(aes.DecryptCbc(Convert.FromHexString(data), Key));
            return plain.Split('&').Select(f => f.Split('=')).FirstOrDefault(f => f[0] is "trackid") is [_, var id] && Id.TryParse<PaymentId>(id, out var payment) ? payment : null;
        }
        catch (Exception problem) when (problem is CryptographicException or FormatException) { return null; }
    }

    public override Heard Hear(Message message, DateTimeOffset now)
    {
        var payment = Read(Encoding.ASCII.GetString(message.Body.Span));
        return new Heard.Hint(payment) { Answer = new Reply("text/plain", $"REDIRECT=https://shop.test/return/{Name}/{payment}") };
    }

    public override PaymentId? ReadReturn(Message message) => Read(Encoding.ASCII.GetString(message.Body.Span));
}

/// <summary>The customer is asked on the phone; the outcome is told later, unsigned, from known addresses.</summary>
internal sealed class PhoneGateway(SampleServer server, string name, string senders) : SampleGateway(server)
{
    public override string Name => name;
    public override Capabilities Can { get; } = new()
    {
        Close = false, Refund = false, NeedsPhone = true, Currencies = new HashSet<string>(["KES"], StringComparer.Ordinal), Step = _ => 100, Senders = [IPNetwork.Parse(senders)],
    };

    public override async Task<GatewayAnswer<Opening>> Create(GatewayPaymentRequest request, CancellationToken stop)
    {
        using var asked = await Http.PostAsJsonAsync(new Uri(Server.Address, $"/open/{request.Payment}"), new SamplePayment("asked", request.Amount.Minor, 0, request.Amount.Currency.Code), stop);
        Server.Calls.Enqueue("asked " + request.Phone);
        return new GatewayAnswer<Opening>.Accepted(new Opening(request.Payment.ToString()));
    }

    public override Heard Hear(Message message, DateTimeOffset now) =>
        new Heard.Hint(Id.TryParse<PaymentId>(message.Query["payment"], out var id) ? id : null) { Answer = new Reply("application/json", """{"ResultCode":0,"ResultDesc":"Accepted"}""") };
}

/// <summary>Holds money and takes it in several parts. Its messages are encrypted so that only it can have made them: they are proven, and read by decrypting.</summary>
internal sealed class PartsGateway(SampleServer server) : SampleGateway(server)
{
    private static readonly byte[] Key = "an agreed secret of thirty-two b"u8.ToArray();

    public override string Name => "in_parts";
    public override Capabilities Can { get; } = new() { ManualCapture = true, PartialCapture = true, SeveralCaptures = true, Close = false, Currencies = new HashSet<string>(["EUR", "BHD"], StringComparer.Ordinal) };

    public override async Task<GatewayAnswer<Opening>> Create(GatewayPaymentRequest request, CancellationToken stop)
    {
        using var asked = await Http.PostAsJsonAsync(new Uri(Server.Address, $"/open/{request.Payment}"), new SamplePayment("open", request.Amount.Minor, 0, request.Amount.Currency.Code), stop);
        return new GatewayAnswer<Opening>.Accepted(new Opening(request.Payment.ToString(), new Uri(Server.Address, "/page").AbsoluteUri));
    }

    public override async Task<GatewayAnswer<PaymentFact>> Capture(CaptureRequest request, CancellationToken stop)
    {
        using var answer = await Http.PostAsync(new Uri(Server.Address, $"/take/{request.Payment}/{request.Amount.Minor}/{request.Final}"), null, stop);
        return new GatewayAnswer<PaymentFact>.Accepted(Fact(request.Payment, (await answer.Content.ReadFromJsonAsync<SamplePayment>(stop))!));
    }

    public static byte[] Seal(PaymentId payment, SamplePayment known) =>
        Guildhall.Foundation.Security.MasterKey.SealWith(Key, "in_parts", JsonSerializer.SerializeToUtf8Bytes(new { id = $"{payment}-{known.State}", payment = payment.ToString(), known }));

    private static JsonElement? Open(ReadOnlyMemory<byte> body)
    {
        try { return JsonSerializer.Deserialize<JsonElement>(Guildhall.Foundation.Security.MasterKey.OpenWith(Key, "in_parts", body.Span)); }
        catch (CryptographicException) { return null; }
    }

    public override Heard Hear(Message message, DateTimeOffset now) => Open(message.Body) is { } told ? new Heard.Proven(told.GetProperty("id").GetString()!, "payment") : new Heard.Refused();

    public override GatewayFact? ReadWebhook(ReadOnlyMemory<byte> body) => Open(body) is { } told && Id.TryParse<PaymentId>(told.GetProperty("payment").GetString(), out var id)
        ? Fact(id, told.GetProperty("known").Deserialize<SamplePayment>()!) : null;
}
