using Guildhall.Foundation;
using Guildhall.Foundation.Http;

namespace Guildhall.Money.Gateways.Knet;

/// <summary>KNET of Kuwait, by its own page (the RAW method). Opening calls nobody: the request travels sealed in the address. Its callback proves nothing
/// and only makes us ask; what the pipe answers to an inquiry is the truth. Written from its manual, never tried live.</summary>
internal sealed class KnetGateway(KnetApi api, KnetOptions options, TimeProvider clock) : IGateway
{
    private const int LongestAmount = 10;
    private static readonly HashSet<string> Kwd = new(["KWD"], StringComparer.Ordinal);

    public string Name => "knet";

    public PartyStatus Status => api.Status;

    /// <summary>Origin of the page customers are sent to.</summary>
    public Uri? Pages => options.PageAt;

    public bool Live => options.IsLive;

    public Capabilities Can { get; } = new() { Currencies = Kwd, Close = false, Refund = options.Refunds, RefundMayFailFor = TimeSpan.Zero };

    public Task<GatewayAnswer<Opening>> Create(GatewayPaymentRequest request, CancellationToken stop)
    {
        if (!Can.Takes(request.Amount.Currency) || WireAmount.Write(request.Amount).Length > LongestAmount)
            return Task.FromResult<GatewayAnswer<Opening>>(new GatewayAnswer<Opening>.Refused("amount_not_taken", "KNET takes Kuwaiti dinars up to 999999.999."));
        var reference = KnetReference.Of(request.Payment, request.Amount, request.StartedAt);
        return Task.FromResult<GatewayAnswer<Opening>>(new GatewayAnswer<Opening>.Accepted(new Opening(reference.ToString(), KnetPage.Address(options, request.Payment, reference))));
    }

    public async Task<GatewayAnswer<PaymentFact>> Fetch(PaymentId payment, string reference, CancellationToken stop)
    {
        if (KnetReference.Parse(reference) is not { } asked) return new GatewayAnswer<PaymentFact>.Unknown("This is no reference of KNET.");
        var over = clock.GetUtcNow() > DateTimeOffset.FromUnixTimeSeconds(asked.Started) + options.PageLasts;
        return await api.Inquire(asked, stop) switch
        {
            GatewayAnswer<KnetAnswer>.Accepted(var answer) => KnetReading.Payment(answer, payment, asked, over),
            GatewayAnswer<KnetAnswer>.Unknown(var why) => new GatewayAnswer<PaymentFact>.Unknown(why),
            _ => throw new InvalidOperationException("There is no other answer."),
        };
    }

    /// <summary>About a payment that there is not: KNET says so, or blames our settings.</summary>
    public async Task<GatewayAnswer<string>> Ask(CancellationToken stop) =>
        await api.Inquire(KnetReference.Of(new PaymentId(Guid.CreateVersion7(clock.GetUtcNow())), new Amount(1000, Currency.Of("KWD")), clock.GetUtcNow()), stop) switch
        {
            GatewayAnswer<KnetAnswer>.Accepted({ Error: { } error }) when KnetReading.BlamesSettings(error) => new GatewayAnswer<string>.Refused(error, "KNET blames the terminal's settings."),
            GatewayAnswer<KnetAnswer>.Accepted(var answer) when answer.Error is not null || answer.Result.Length > 0 => new GatewayAnswer<string>.Accepted("a payment that there is not"),
            GatewayAnswer<KnetAnswer>.Unknown(var why) => new GatewayAnswer<string>.Unknown(why),
            _ => new GatewayAnswer<string>.Unknown("The answer has neither a result nor an error."),
        };

    public Task<GatewayAnswer<PaymentFact>> Capture(CaptureRequest request, CancellationToken stop) => throw new InvalidOperationException("KNET holds no money.");

    // Nothing is closed over there: it is only asked.
    public Task<GatewayAnswer<PaymentFact>> Cancel(PaymentId payment, string reference, CancellationToken stop) => Fetch(payment, reference, stop);

    public async Task<GatewayAnswer<RefundFact>> Refund(RefundId refund, string gatewayPayment, Amount amount, CancellationToken stop)
    {
        // The setting may have changed since it was asked for.
        if (!options.Refunds) return new GatewayAnswer<RefundFact>.Refused("refunds_off", "The bank has not let this shop refund by the pipe: do it in KNET's portal.");
        return await api.Refund(gatewayPayment, WireAmount.Write(amount), refund.Value.ToString("n"), stop) switch
        {
            GatewayAnswer<KnetAnswer>.Accepted(var answer) => KnetReading.Refund(answer, refund, amount),
            GatewayAnswer<KnetAnswer>.Unknown(var why) => new GatewayAnswer<RefundFact>.Unknown(why),
            _ => throw new InvalidOperationException("There is no other answer."),
        };
    }

    /// <summary>KNET has no question for it. A refund whose answer was lost stays unknown and is never sent again; its portal shows it.</summary>
    public Task<GatewayAnswer<RefundFact?>> FindRefund(RefundSought sought, CancellationToken stop) =>
        Task.FromResult<GatewayAnswer<RefundFact?>>(new GatewayAnswer<RefundFact?>.Unknown("KNET cannot be asked about refunds: look into its portal."));

    public Heard Hear(Message message, DateTimeOffset now) => KnetReading.Track(message.Body.Span, options.ResourceKey) is { } payment
        ? new Heard.Hint(payment) { Answer = new Reply("text/plain", "REDIRECT=" + KnetPage.Back(options, payment)) }
        : new Heard.Refused();

    public GatewayFact? ReadWebhook(ReadOnlyMemory<byte> body) => null;

    public PaymentId? ReadReturn(Message message) => KnetReading.Track(message.Body.Span, options.ResourceKey)
        ?? KnetReference.PaymentOf(message.Query.TryGetValue("trackid", out var track) ? track.ToString() : null);
}

/// <summary>The address of the page, with the sealed request in it.</summary>
internal static class KnetPage
{
    /// <summary>Where the browser goes afterwards, also when KNET could do nothing.</summary>
    public static string Back(KnetOptions options, PaymentId payment) => new Uri(options.ReturnTo, $"/return/knet/{payment}").AbsoluteUri;

    public static string Address(KnetOptions options, PaymentId payment, KnetReference reference)
    {
        var (response, error) = (new Uri(options.ReturnTo, "/api/v1/webhooks/knet").AbsoluteUri, Back(options, payment));
        var sealedText = KnetTrandata.Encrypt(Request(options, reference, response, error, new string[5]), options.ResourceKey);
        return Address(options, sealedText, response, error);
    }

    /// <summary>The fields in the order of the kit, not encoded.</summary>
    public static string Request(KnetOptions options, KnetReference reference, string response, string error, IReadOnlyList<string> udf) =>
        $"id={options.TranportalId}&password={options.TranportalPassword}&action=1&langid={options.Language}&currencycode=414&amt={reference.Amount}&responseURL={response}&errorURL={error}"
        + $"&trackid={reference.Track}&udf1={udf[0]}&udf2={udf[1]}&udf3={udf[2]}&udf4={udf[3]}&udf5={udf[4]}";

    public static string Address(KnetOptions options, string trandata, string response, string error) =>
        new Uri(options.PageAt, "/kpg/PaymentHTTP.htm").AbsoluteUri + $"?param=paymentInit&trandata={trandata}&tranportalId={Uri.EscapeDataString(options.TranportalId)}&responseURL={response}&errorURL={error}";
}
