using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Guildhall.Messaging.Delivery;

namespace Guildhall.Messaging.Sms.Twilio;

/// <summary>Twilio's Messages API, version 2010-04-01: form bodies, Basic authentication, fifteen seconds a call. It knows no key for repeats, so a call is never made
/// again here, and an answer counts as a refusal only when it is theirs and blames the request.</summary>
internal sealed class TwilioApi(ProviderHttp http, TwilioOptions options)
{
    /// <summary>The sender's name of text messages.</summary>
    public const string Called = "twilio";

    private const int MaxBody = 1600;

    // Their numbers for what is wrong, from the published list; anything else is a plain refusal.
    private static readonly Dictionary<int, string> Reasons = new()
    {
        [21211] = "NUMBER_INVALID", [21217] = "NUMBER_INVALID", [21604] = "NUMBER_INVALID", [21408] = "REGION_NOT_ALLOWED", [21610] = "RECIPIENT_OPTED_OUT", [21612] = "NUMBER_UNREACHABLE",
        [21614] = "NUMBER_NOT_MOBILE", [21608] = "TRIAL_ACCOUNT", [21212] = "SENDER_NOT_USABLE", [21606] = "SENDER_NOT_USABLE", [21659] = "SENDER_NOT_USABLE",
        [30003] = "NUMBER_UNREACHABLE", [30005] = "NUMBER_INVALID", [30006] = "NUMBER_NOT_MOBILE", [30007] = "FILTERED_BY_CARRIER",
        [63003] = DeliveryReasons.NotOnWhatsApp, [63024] = DeliveryReasons.NotOnWhatsApp, [63016] = "OUTSIDE_WINDOW", [63007] = "SENDER_NOT_USABLE", [21655] = "TEMPLATE_NOT_USABLE", [21656] = "TEMPLATE_NOT_USABLE",
    };

    public bool IsConfigured => options.CanText;

    /// <summary>How long nothing is sent yet, since they have not answered lately; null when it may be.</summary>
    public TimeSpan? RestsFor => http.RestsFor;

    /// <summary>Why a message with this number of theirs was not sent or delivered.</summary>
    public static string Reason(int? code, string otherwise) => code is { } known ? Reasons.GetValueOrDefault(known, otherwise) : otherwise;

    /// <param name="to">E.164.</param>
    /// <param name="callback">Where they tell what became of it.</param>
    public Task<TextAnswer> Send(string to, string text, Uri callback, CancellationToken stop) =>
        Post(new(StringComparer.Ordinal) { ["To"] = to, ["From"] = options.From, ["Body"] = text.Length > MaxBody ? text[..MaxBody] : text, ["StatusCallback"] = callback.AbsoluteUri }, stop);

    /// <summary>By WhatsApp, with an approved template: we begin the conversation, so nothing else may be said.</summary>
    /// <param name="variables">What stands for 1, 2 and so on in it.</param>
    public Task<TextAnswer> SendWhatsApp(string to, string content, IReadOnlyList<string> variables, Uri callback, CancellationToken stop)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["To"] = "whatsapp:" + to, ["From"] = "whatsapp:" + options.WhatsApp!.From, ["ContentSid"] = content, ["StatusCallback"] = callback.AbsoluteUri,
        };
        if (variables.Count > 0)
            form["ContentVariables"] = JsonSerializer.Serialize(variables.Index().ToDictionary(v => (v.Index + 1).ToString(CultureInfo.InvariantCulture), v => v.Item));
        return Post(form, stop);
    }

    private async Task<TextAnswer> Post(Dictionary<string, string> form, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Api, $"/2010-04-01/Accounts/{options.Sid}/Messages.json"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Sid}:{options.Token}")));
        request.Content = new FormUrlEncodedContent(form);
        return await http.Send(request, stop) switch
        {
            ProviderReply.Answered { Json: { } body } answer => Read(answer.Status, body),
            ProviderReply.Answered answer => new TextAnswer(DeliveryState.Unknown, DeliveryReasons.NoAnswer, $"{answer.Code}"),
            ProviderReply.Lost { NeverSent: true } lost => new TextAnswer(DeliveryState.Queued, DeliveryReasons.ServerUnavailable, lost.Why) { Rests = lost.Rests },
            ProviderReply.Lost lost => new TextAnswer(DeliveryState.Unknown, DeliveryReasons.NoAnswer, lost.Why),
            _ => throw new InvalidOperationException("There are two kinds of replies."),
        };
    }

    private static TextAnswer Read(HttpStatusCode status, JsonElement body)
    {
        var (code, said) = (Number(body, "code") ?? Number(body, "error_code"), Text(body, "message") ?? Text(body, "error_message"));
        var reply = $"{(int)status} {code} {said}".TrimEnd();
        if ((int)status is >= 200 and < 300)
        {
            if (Text(body, "sid") is not { Length: > 0 and <= 64 } sid) return new TextAnswer(DeliveryState.Unknown, DeliveryReasons.NoAnswer, reply);
            return Text(body, "status") is "failed" or "undelivered" or "canceled"
                ? new TextAnswer(DeliveryState.Failed, Reason(code, DeliveryReasons.RefusedByServer), reply, sid)
                : new TextAnswer(DeliveryState.Sent, null, $"{(int)status} {Text(body, "status")}", sid);
        }
        // 21611: their queue for our number is full.
        if (status is HttpStatusCode.TooManyRequests || code is 20429 or 21611 or 63018) return new TextAnswer(DeliveryState.Queued, DeliveryReasons.ServerUnavailable, reply);
        if (status is HttpStatusCode.Unauthorized) return new TextAnswer(DeliveryState.Queued, DeliveryReasons.NotLetIn, reply);
        return (int)status is >= 400 and < 500 && code is not null
            ? new TextAnswer(DeliveryState.Failed, Reason(code, DeliveryReasons.RefusedByServer), reply)
            : new TextAnswer(DeliveryState.Unknown, DeliveryReasons.NoAnswer, reply);
    }

    private static string? Text(JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
